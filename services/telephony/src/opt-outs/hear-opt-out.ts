import { Inject, Injectable } from '@nestjs/common';
import { contactsV1, typesV1 } from '@heed/contracts';
import { DueWork, type DueItem } from '@heed/data-rights';
import { CLOCK, newId, type Clock } from '@heed/kernel';
import { PermitDesk } from '@heed/permits';
import { lockSubjects, UnitOfWork } from '@heed/postgres';
import { RpcClients } from '@heed/rpc';
import { LOGGER, metrics, type Logger } from '@heed/telemetry';
import { CallPageStore } from '../calls/call-page.store.js';
import { HeardOptOutStore, type HeardOptOut } from './heard-opt-out.store.js';

const HEARD = 'heard-opt-outs';

/** The key that means no, as calls say it everywhere. */
export const OPT_OUT_KEY = '9';

/** What was said in a call, or for an answer to it, and means no for good. */
export type Said = { key: string } | { sipStatus: number };

const nothing = { key: null, sipStatus: null };

const heardKeys = metrics.counter('heed_opt_outs_heard_total', {
  description: 'Opt-outs heard in calls, by whether contacts has recorded them',
});

/**
 * Somebody pressed the key, or let their telephone say that calls of ours are unwanted. The row is the evidence, and denies them to the calls of this service until contacts has
 * recorded it; that is tried until done, by work of its own that no call can keep waiting.
 */
@Injectable()
export class HearOptOut {
  readonly due: DueWork;
  /** Permits about them are void here, until it is recorded. */
  private readonly lifts = new Map<string, () => void>();

  constructor(
    private readonly uow: UnitOfWork,
    private readonly calls: CallPageStore,
    private readonly heard: HeardOptOutStore,
    private readonly clients: RpcClients,
    private readonly desk: PermitDesk,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.due = new DueWork({ work: uow, clock, log });
    this.due.serve(HEARD, (item) => this.tell(item));
  }

  start(): void {
    this.due.start();
  }

  async stop(): Promise<void> {
    await this.due.stop();
  }

  /** Committed once it returns. */
  async hear(tenantId: string, callId: string, said: Said): Promise<void> {
    const heardId = newId();
    const contactId = await this.uow.run(tenantId, async (tx) => {
      const call = await this.calls.find(tx, callId);
      // Cut off from its person: they are being erased, and nobody calls them again.
      if (!call?.contactId || !(await lockSubjects(tx, [call.contactId])).has(call.contactId))
        return undefined;
      const { contactId, endpointId } = call;
      const heardAt = this.clock.now();
      if (
        !(await this.heard.add(tx, { ...nothing, ...said, heardId, callId, contactId, endpointId, heardAt }))
      )
        return undefined;
      await this.due.add(tx, HEARD, [heardId]);
      return contactId;
    });
    if (!contactId) return;
    heardKeys.add(1, { state: 'heard' });
    this.lifts.set(heardId, this.desk.deny({ tenantId, contactId }));
    this.log.info('an opt-out was heard in a call', { callId, tenantId });
  }

  private async tell(item: DueItem): Promise<void> {
    const { tenantId, ref: heardId } = item;
    const said = await this.uow.run(tenantId, async (tx) => {
      const heard = await this.heard.find(tx, heardId);
      return heard && { ...heard, call: await this.calls.find(tx, heard.callId) };
    });
    if (said) await this.record(tenantId, said, said.call?.endpointHash ?? Buffer.alloc(0));
    await this.uow.run(tenantId, async (tx) => {
      await this.heard.forget(tx, heardId);
      await item.done(tx);
    });
    this.lifts.get(heardId)?.();
    this.lifts.delete(heardId);
    if (said) heardKeys.add(1, { state: 'recorded' });
  }

  /**
   * Not by voice any more, whatever it is about; and nobody else who has this number either, also where contacts has
   * erased the person by now: telephony erases nobody before this is told (EndCalls).
   */
  private async record(
    tenantId: string,
    { heardId, contactId, endpointId, key, sipStatus, heardAt }: HeardOptOut,
    endpointHash: Buffer,
  ): Promise<void> {
    const { CONSENT_SOURCE_KEY, CONSENT_SOURCE_CARRIER } = contactsV1.ConsentSource;
    const said = key === null ? `answered a call with SIP ${sipStatus}` : `pressed ${key} in a call`;
    const consent = this.clients.of(contactsV1.ConsentServiceService, 'contacts');
    await consent.recordOptOut(
      {
        ...{ requestId: heardId, contactId, channel: typesV1.Channel.CHANNEL_VOICE, purpose: '', sender: '' },
        source: key === null ? CONSENT_SOURCE_CARRIER : CONSENT_SOURCE_KEY,
        evidence: `${said} at ${heardAt.toISOString()}`,
        heardFrom: endpointId ? { endpointId, endpointHash, optOutToken: '', address: '' } : undefined,
      },
      { tenantId },
    );
  }
}
