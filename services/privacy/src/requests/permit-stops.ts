import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { contactsV1 } from '@heed/contracts';
import { DueWork, type DueItem } from '@heed/data-rights';
import { CLOCK, type Clock } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { RpcClients } from '@heed/rpc';
import { refusal } from '../errors.js';
import { takenBackDue } from './permit-stops.store.js';
import { isTakenBack } from './request.js';
import { requestById } from './request.store.js';

export const STOPS = 'stops';
/** A request that was not kept so long after its permits were stopped is not kept any more. */
const KEPT_WITHIN_MS = 60_000;
/** As many as one call takes. */
const LIFTED_TOGETHER = 500;

/**
 * contacts stops permits before anything is kept of a request. So that nobody is silenced by a request that never was,
 * it is noted before that they may have to be lifted again: whoever keeps the request takes the note back.
 */
@Injectable()
export class PermitStops implements OnModuleInit {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly clients: RpcClients,
    private readonly due: DueWork,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.due.serve(STOPS, (item) => this.look(item));
  }

  /** Committed before contacts is asked to stop anybody for these requests. */
  note(tenantId: string, requestIds: readonly string[]): Promise<void> {
    const at = new Date(this.clock.now().getTime() + KEPT_WITHIN_MS);
    return this.uow.run(tenantId, (tx) => this.due.add(tx, STOPS, requestIds, at));
  }

  /** In the transaction that keeps them. Whose stops may be lifted already are not kept. */
  async kept(tx: Tx, requestIds: readonly string[]): Promise<void> {
    if (!(await this.due.takeBack(tx, STOPS, requestIds))) throw refusal('STOP_UNAVAILABLE');
  }

  /** In the transaction that ends it with nothing done. */
  lift(tx: Tx, requestId: string): Promise<void> {
    return this.due.add(tx, STOPS, [requestId]);
  }

  private async look(item: DueItem): Promise<void> {
    const { tenantId, ref: requestId } = item;
    const { lifts, others } = await this.uow.run(tenantId, async (tx) => {
      const request = await requestById(tx, requestId);
      const isLifted = !request || isTakenBack(request);
      // What has ended stays ended: whoever waits for the same goes along, where contacts was away and many wait.
      return {
        lifts: isLifted,
        others: isLifted ? await takenBackDue(tx, STOPS, requestId, LIFTED_TOGETHER - 1) : [],
      };
    });
    if (lifts) {
      const permits = this.clients.of(contactsV1.PermitsServiceService, 'contacts');
      await permits.liftStops({ requestIds: [requestId, ...others] }, { tenantId });
    }
    await this.uow.run(tenantId, async (tx) => {
      await this.due.spare(tx, STOPS, requestId, others);
      await item.done(tx);
    });
  }
}
