import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DueWork, isHeld, type DueItem } from '@heed/data-rights';
import { CLOCK, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { Sealing } from '@heed/sealing';
import { contactsById } from '../contacts/contact.store.js';
import { deleteSignUps, signUpsOf } from './sign-up.store.js';
import { SIGN_UPS } from './sign-up.js';

const DAY_MS = 86_400_000;

/**
 * What nobody confirmed in its time is forgotten, with the key that it lay under, unless a hold keeps it. Whoever confirmed
 * keeps theirs.
 */
@Injectable()
export class ForgetSignUps implements OnModuleInit {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly sealing: Sealing,
    private readonly due: DueWork,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.due.serve(SIGN_UPS, (item) => this.forget(item));
  }

  private async forget(item: DueItem): Promise<void> {
    const { tenantId, ref: contactId } = item;
    const at = this.clock.now();
    const isKept = await this.uow.run(tenantId, async (tx) => {
      if (!(await isHeld(tx, contactId))) return false;
      await item.putOff(tx, new Date(at.getTime() + DAY_MS));
      return true;
    });
    if (isKept) return;
    const isContact = await this.uow.run(tenantId, async (tx) => {
      const over = (await signUpsOf(tx, [contactId])).filter(({ expiresAt }) => expiresAt <= at);
      await deleteSignUps(
        tx,
        over.map(({ signUpId }) => signUpId),
      );
      return (await contactsById(tx, [contactId])).has(contactId);
    });
    if (!isContact) await this.sealing.destroyKeys(tenantId, [contactId]);
    await this.uow.run(tenantId, (tx) => item.done(tx));
  }
}
