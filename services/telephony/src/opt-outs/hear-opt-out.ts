import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS } from '@heed/config';
import { DueWork, type DueItem } from '@heed/data-rights';
import { CLOCK, isDomainError, newId, type Clock } from '@heed/kernel';
import { PermitDesk } from '@heed/permits';
import { lockSubjects, UnitOfWork, type Tx } from '@heed/postgres';
import { Sealing } from '@heed/sealing';
import { LOGGER, metrics, type Logger } from '@heed/telemetry';
import { CallPageStore } from '../calls/call-page.store.js';
import { type TelephonySettings } from '../settings.js';
import { HeardOptOutStore } from './heard-opt-out.store.js';
import { placeOfWords, written } from './heard-words.js';
import { type CalledNumber, type Said } from './said-in-call.js';
import { TellContacts } from './tell-contacts.js';

const HEARD = 'heard-opt-outs';
const DAY_MS = 86_400_000;

/** The person and number of a call, as its row names them. */
type OfCall = { contactId: string; endpointId: string | null };

/** A no counts, though nobody can read what was said. */
const NO_WORDS = Buffer.alloc(0);

const nothing = { key: null, sipStatus: null };

const heardKeys = metrics.counter('heed_opt_outs_heard_total', {
  description: 'Opt-outs heard in calls, by whether contacts has recorded them, and doubts',
});

/**
 * Somebody pressed the key, said it in words, or let their telephone say that calls of ours are unwanted. The row is the
 * evidence, and denies them to the calls of this service until contacts has recorded it; that is tried until done, by
 * work of its own that no call can keep waiting. What may be a no denies as well, until a person has decided.
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
    private readonly contacts: TellContacts,
    private readonly desk: PermitDesk,
    private readonly sealing: Sealing,
    @Inject(SETTINGS) private readonly settings: TelephonySettings,
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
    this.contacts.stop();
  }

  /** Committed once it returns. `number`: whose call it was, should its row not say so any more. */
  async hear(tenantId: string, callId: string, said: Said, number?: CalledNumber): Promise<void> {
    const call = await this.uow.run(tenantId, (tx) => this.calls.find(tx, callId));
    const contactId = call?.contactId;
    const isDoubt = 'words' in said && said.words.sense === 'doubt';
    const kept = contactId
      ? await this.keep(tenantId, callId, { contactId, endpointId: call.endpointId }, said)
      : 'cut-off';
    if (kept === 'cut-off') {
      // They are erased while we hear them: no row may name them, and nobody calls them again. Others may have the number.
      if (number && !isDoubt) this.contacts.tellOfNumber(tenantId, number, said, this.clock.now());
      return;
    }
    if (kept === 'known' || !contactId) return;
    heardKeys.add(1, { state: isDoubt ? 'doubt' : 'heard' });
    if (!isDoubt) this.lifts.set(kept.heardId, this.desk.deny({ tenantId, contactId }));
    this.log.info(isDoubt ? 'what may be an opt-out was heard in a call' : 'an opt-out was heard in a call', {
      callId,
      tenantId,
    });
  }

  /** What was in doubt about them is a no from now on, and told. For a person who said so, or whose erasure waits for it. */
  async endDoubts(tx: Tx, of: { heardId: string } | { contactIds: readonly string[] }): Promise<boolean> {
    const ended = await this.heard.endDoubts(tx, of);
    await this.due.add(tx, HEARD, ended);
    return ended.length > 0;
  }

  /** It was none: they may be called. */
  async dismiss(tx: Tx, heardId: string): Promise<void> {
    await this.due.takeBack(tx, HEARD, [heardId]);
    await this.heard.forget(tx, heardId);
  }

  private async keep(
    tenantId: string,
    callId: string,
    { contactId, endpointId }: OfCall,
    said: Said,
  ): Promise<{ heardId: string } | 'known' | 'cut-off'> {
    const [heardId, heardAt] = [newId(), this.clock.now()];
    const isDoubt = 'words' in said && said.words.sense === 'doubt';
    const decideBy = isDoubt
      ? new Date(heardAt.getTime() + this.settings.HEED_SPEECH_DOUBT_DAYS * DAY_MS)
      : null;
    const words = 'words' in said ? await this.sealed(tenantId, contactId, heardId, said) : null;
    if (words === 'erased') return 'cut-off';
    return this.uow.run(tenantId, async (tx) => {
      if (!(await lockSubjects(tx, [contactId])).has(contactId)) return 'cut-off';
      const isNew = await this.heard.add(tx, {
        ...nothing,
        ...('words' in said ? {} : said),
        ...{ heardId, callId, contactId, endpointId, words, decideBy, heardAt },
      });
      if (!isNew) return 'known';
      await this.due.add(tx, HEARD, [heardId], decideBy ?? heardAt);
      return { heardId };
    });
  }

  private async sealed(
    tenantId: string,
    contactId: string,
    heardId: string,
    { words }: Extract<Said, { words: unknown }>,
  ): Promise<Buffer | 'erased'> {
    try {
      return await this.sealing.seal(tenantId, contactId, placeOfWords(heardId), written(words));
    } catch (error) {
      if (isDomainError(error, 'SUBJECT_ERASED')) return 'erased';
      // What may be a no is nothing to decide on without its words: it is heard again.
      if (words.sense === 'doubt') throw error;
      this.log.error('an opt-out is kept without its words: no key was to be had', { tenantId, error });
      return NO_WORDS;
    }
  }

  private async tell(item: DueItem): Promise<void> {
    const { tenantId, ref: heardId } = item;
    const said = await this.uow.run(tenantId, async (tx) => {
      const heard = await this.heard.find(tx, heardId);
      const call = heard && (await this.calls.find(tx, heard.callId));
      return heard && { heard, endpointHash: call?.endpointHash ?? undefined };
    });
    const { decideBy } = said?.heard ?? {};
    // Put on the list for when nobody has decided. After a restore its row can be there before that.
    if (decideBy && decideBy > this.clock.now())
      return this.uow.run(tenantId, (tx) => item.putOff(tx, decideBy));
    if (said) await this.contacts.record(tenantId, said.heard, said.endpointHash);
    await this.uow.run(tenantId, async (tx) => {
      await this.heard.forget(tx, heardId);
      await item.done(tx);
    });
    this.lifts.get(heardId)?.();
    this.lifts.delete(heardId);
    if (said) heardKeys.add(1, { state: decideBy ? 'undecided' : 'recorded' });
  }
}
