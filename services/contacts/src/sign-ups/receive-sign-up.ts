import { Inject, Injectable } from '@nestjs/common';
import { SignUpConfirmationDue } from '@heed/contracts';
import { DueWork } from '@heed/data-rights';
import { Outbox } from '@heed/events';
import { CLOCK, newId, type Clock } from '@heed/kernel';
import { addSubjects, lockSubjects, UnitOfWork, type Tx } from '@heed/postgres';
import { Sealing } from '@heed/sealing';
import { AddressHashes } from '../contacts/address-hashes.js';
import { type SignUpForm } from './sign-up-form.js';
import { insertSignUp, lockAddress, pendingAt, renewSignUp } from './sign-up.store.js';
import {
  CONFIRMED_WITHIN_MS,
  mayMail,
  placeOfSignUp,
  SIGN_UPS,
  type Received,
  type SignUp,
  type Typed,
} from './sign-up.js';

/**
 * Somebody typed an address into a form. Nothing is looked up about the address but what forms were sent for it before: for
 * the known, the unknown, the suppressed and the erased the same is done, and so the same is answered, in the same time.
 * Nobody is a contact by it; the address is asked, once.
 */
@Injectable()
export class ReceiveSignUp {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly hashes: AddressHashes,
    private readonly sealing: Sealing,
    private readonly outbox: Outbox,
    private readonly due: DueWork,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async receive(tenantId: string, form: SignUpForm, received: Received): Promise<void> {
    const at = this.clock.now();
    const { address, typed, wordingVersion } = received;
    const [endpointHash] = await this.hashes.of(tenantId, [address]);
    const before = await this.uow.run(tenantId, (tx) => pendingAt(tx, endpointHash!, at));
    if (!mayMail(before, form.signUpFormId, at)) return;
    const again = before.find(({ signUpFormId }) => signUpFormId === form.signUpFormId);
    const signUpId = newId();
    const contactId = again?.contactId ?? newId();
    const expiresAt = again?.expiresAt ?? new Date(at.getTime() + CONFIRMED_WITHIN_MS);
    // Before there is a key: whatever becomes of this, something destroys it.
    if (!again) await this.uow.run(tenantId, (tx) => this.due.add(tx, SIGN_UPS, [contactId], expiresAt));
    const said: Typed = { email: address.address, ...typed };
    const [sealed] = await this.sealing.sealMany(tenantId, [
      { subjectId: contactId, ...placeOfSignUp(signUpId), plaintext: Buffer.from(JSON.stringify(said)) },
    ]);
    // Erased a moment ago.
    if (!sealed) return;
    const signUp: SignUp = {
      ...{ signUpId, contactId, signUpFormId: form.signUpFormId, endpointHash: endpointHash!, sealed },
      ...{ wordingVersion, attemptId: newId(), mails: (again?.mails ?? 0) + 1, mailedAt: at },
      ...{ signedUpAt: at, expiresAt },
    };
    const isKept = await this.uow.run(tenantId, (tx) => this.keep(tx, form, signUp, again));
    if (isKept || again) return;
    // A key that nothing lies under.
    await this.sealing.destroyKeys(tenantId, [contactId]);
    await this.uow.run(tenantId, (tx) => this.due.takeBack(tx, SIGN_UPS, [contactId]));
  }

  /** Unless somebody else has just done the same. */
  private async keep(tx: Tx, form: SignUpForm, signUp: SignUp, again: SignUp | undefined): Promise<boolean> {
    await lockAddress(tx, signUp.endpointHash);
    const before = await pendingAt(tx, signUp.endpointHash, signUp.mailedAt);
    const there = before.find(({ signUpFormId }) => signUpFormId === form.signUpFormId);
    if (!mayMail(before, form.signUpFormId, signUp.mailedAt) || there?.signUpId !== again?.signUpId)
      return false;
    if (again) {
      if (!(await lockSubjects(tx, [signUp.contactId])).has(signUp.contactId)) return false;
      await renewSignUp(tx, again.signUpId, signUp);
    } else {
      await addSubjects(tx, [signUp.contactId]);
      await insertSignUp(tx, signUp);
    }
    await this.outbox.add(tx, SignUpConfirmationDue, {
      ...{ attemptId: signUp.attemptId, contactId: signUp.contactId },
      ...{ templateId: form.templateId, language: form.language },
      expiresAt: signUp.expiresAt.toISOString(),
    });
    return true;
  }
}
