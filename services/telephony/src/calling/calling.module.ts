import { Inject, Module, type OnModuleDestroy } from '@nestjs/common';
import { contactsV1 } from '@heed/contracts';
import { CLOCK, type Clock } from '@heed/kernel';
import { PermitDesk } from '@heed/permits';
import { RpcClients, ServiceKeys } from '@heed/rpc';
import { Signals } from '@heed/signals';
import { CallPageStore } from '../calls/call-page.store.js';
import { CallStore } from '../calls/call.store.js';
import { CARRIER, type Carrier } from '../carrier/carrier.js';
import { CarrierModule } from '../carrier/carrier.module.js';
import { AnnounceCalls } from '../dispatch/announce-calls.js';
import { DispatchedCallStore } from '../dispatch/dispatched-call.store.js';
import { HearOptOut } from '../opt-outs/hear-opt-out.js';
import { HeardOptOutStore } from '../opt-outs/heard-opt-out.store.js';
import { TellContacts } from '../opt-outs/tell-contacts.js';
import { RecordingsModule } from '../recordings/recordings.module.js';
import { CallLines } from './call-lines.js';
import { CallScripts } from './call-scripts.js';
import { CallSteps } from './call-steps.js';
import { ConcludeCall } from './conclude-call.js';
import { Conversations } from './conversations.js';
import { DeferCall } from './defer-call.js';
import { FollowCall } from './follow-call.js';
import { StartCall } from './start-call.js';

/** One desk a process: what it hears applies to everything that the process holds. */
const permitDesk = {
  provide: PermitDesk,
  inject: [RpcClients, ServiceKeys, Signals, CLOCK],
  useFactory: (rpc: RpcClients, keys: ServiceKeys, signals: Signals, clock: Clock) =>
    new PermitDesk({
      client: rpc.of(contactsV1.PermitsServiceService, 'contacts'),
      publicKeyOf: (keyId) => keys.publicKeyOf('contacts', keyId),
      signals,
      clock,
    }),
};

@Module({
  imports: [CarrierModule, RecordingsModule],
  providers: [
    ...[permitDesk, CallSteps, CallStore, CallPageStore],
    ...[CallLines, StartCall, FollowCall, Conversations, ConcludeCall, DeferCall, CallScripts],
    ...[AnnounceCalls, DispatchedCallStore, HearOptOut, HeardOptOutStore, TellContacts],
  ],
  exports: [CallLines, AnnounceCalls, DispatchedCallStore, HearOptOut, HeardOptOutStore],
})
export class CallingModule implements OnModuleDestroy {
  constructor(
    private readonly lines: CallLines,
    private readonly optOuts: HearOptOut,
    private readonly desk: PermitDesk,
    @Inject(CARRIER) private readonly carrier: Carrier,
  ) {}

  /** Permits are voided after the lines have stopped: a call that rings meanwhile was not revoked. */
  async onModuleDestroy(): Promise<void> {
    await this.lines.stop();
    await this.carrier.close?.();
    await this.optOuts.stop();
    this.desk.close();
  }
}
