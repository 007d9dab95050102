import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS } from '@heed/config';
import { datarightsV1, type privacyV1 } from '@heed/contracts';
import {
  canonicalJson,
  CLOCK,
  newId,
  NIL_UUID,
  openCheckpoint,
  type Caller,
  type Checkpoint,
  type Clock,
} from '@heed/kernel';
import { RpcClients } from '@heed/rpc';
import { RecordAccess } from '../audit/record-access.js';
import { refusal } from '../errors.js';
import { type PrivacySettings } from '../settings.js';
import { AskWitnesses } from './ask-witnesses.js';
import { LogKeyRing, signerOf } from './log-signers.js';
import { allOrigins } from './log-origin.store.js';
import { insertSigner, logSigners } from './log-signer.store.js';
import { LoggedKeys } from './logged-keys.js';
import { RememberedLog } from './remembered-log.js';
import { TransparencyLog } from './transparency-log.js';

interface Remembered extends Checkpoint {
  note: string;
}

/**
 * Begins the log anew after its database was put back: under another name, since the old one stands for a tree that is
 * gone. Its first leaf is the last checkpoint that any witness remembers, so that whoever holds a certificate of the old
 * tree sees that the new log owns up to it.
 */
@Injectable()
export class BeginNewOrigin {
  private readonly services: readonly string[];

  constructor(
    private readonly log: TransparencyLog,
    private readonly keys: LogKeyRing,
    private readonly logged: LoggedKeys,
    private readonly remembered: RememberedLog,
    private readonly witnesses: AskWitnesses,
    private readonly clients: RpcClients,
    private readonly audit: RecordAccess,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) settings: PrivacySettings,
  ) {
    this.services = settings.HEED_ANSWERING_SERVICES.filter((service) => service !== 'privacy');
  }

  async begin(
    { tenantId, actorId, method: action }: Caller,
    { witnessesRestored }: privacyV1.BeginNewOriginRequest,
  ): Promise<privacyV1.BeginNewOriginResponse> {
    const known = await Promise.all(this.services.map((service) => this.ask(service)));
    const notes = known.flatMap((each) => each ?? []);
    if (!witnessesRestored) await this.demandNeeded(notes);
    const last = await this.latest(notes);
    await this.grow(last);
    await this.audit.record(tenantId, [
      { entryId: newId(), at: this.clock.now(), actorId, action, service: 'privacy' },
    ]);
    await this.witnesses.round();
    const { note, origin } = await this.log.checkpoint();
    return {
      ...{ origin: origin.name, checkpoint: note, vkey: await this.log.vkey() },
      lastWitnessed: last.note,
    };
  }

  /** All must answer: one that is silent may remember more than the others. */
  private async ask(service: string): Promise<Remembered | undefined> {
    const client = this.clients.of(datarightsV1.DataRightsServiceService, service);
    const { checkpoint: note, vkey } = await client
      .getWitnessedCheckpoint({}, { tenantId: NIL_UUID })
      .catch((cause: unknown) => {
        throw refusal('WITNESS_SILENT', { cause, metadata: { service } });
      });
    if (note === '') return undefined;
    // The key that the witness has followed the log to; ours may have been put back with the database.
    const checkpoint = (await this.remembered.opened(note)) ?? openCheckpoint(note, vkey);
    if (!checkpoint) throw refusal('WITNESS_SILENT', { metadata: { service } });
    return { ...checkpoint, note };
  }

  /** A log that holds all that it has promised goes on: a new name would only hide what is under the old one. */
  private async demandNeeded(notes: readonly Remembered[]): Promise<void> {
    const judged = await Promise.all(notes.map(({ note }) => this.remembered.judge(note)));
    if (judged.some(({ isForked }) => isForked)) return;
    const isStopped = await this.log.reading(async (tx, origin) => {
      const signer = signerOf(await logSigners(tx, origin), Number.MAX_SAFE_INTEGER);
      return origin.forkedNote !== null || !this.keys.under(origin.name).holds(signer);
    });
    if (!isStopped) throw refusal('LOG_CONSISTENT');
  }

  /** Of the origins that are known by name the latest; one that came after the copy that was put back is later still. */
  private async latest(notes: readonly Remembered[]): Promise<Remembered> {
    const { note } = await this.log.checkpoint();
    const own = await this.remembered.opened(note);
    const names = await this.log.reading(async (tx) => (await allOrigins(tx)).map(({ name }) => name));
    const age = (name: string) => (names.includes(name) ? names.indexOf(name) : Infinity);
    const all = own ? [{ ...own, note }, ...notes] : [...notes];
    return all.reduce((best, each) =>
      age(each.origin) > age(best.origin) || (each.origin === best.origin && each.size > best.size)
        ? each
        : best,
    );
  }

  private async grow(last: Remembered): Promise<void> {
    await this.log.sequenced(async (alone) => {
      const at = this.clock.now().toISOString();
      const begun = await alone.begin(
        `${this.keys.current.origin}/${at.replace(/[^0-9]/g, '').slice(0, 14)}`,
      );
      const { vkey } = this.keys.under(begun.origin.name).current;
      const leaf = (says: object) => Buffer.from(canonicalJson({ ...says, at }));
      await begun.write([
        leaf({ checkpoint: last.note, type: 'origin_begun' }),
        leaf({ type: 'log_key_added', vkey }),
      ]);
      await insertSigner(begun.tx, begun.origin, { vkey, addedIndex: 1, follows: null });
      await this.logged.carryOver(begun, alone.origin);
    });
  }
}
