import { Inject, Injectable } from '@nestjs/common';
import { type privacyV1 } from '@heed/contracts';
import { canonicalJson, CLOCK, newId, verifySignature, type Caller, type Clock } from '@heed/kernel';
import { ServiceKeys } from '@heed/rpc';
import { RecordAccess } from '../audit/record-access.js';
import { refusal } from '../errors.js';
import { TransparencyLog } from '../log/transparency-log.js';
import { latestManifests } from '../manifests/manifest.store.js';
import { notReceipted, readLastReceipt, type LastReceipt } from './last-receipt.js';
import {
  lockParticipant,
  notAnsweringForAllOf,
  participantState,
  retire,
  retireWithout,
} from './participant.store.js';
import { type Participant } from './participant.js';

const PREFIX = Buffer.from('heed retirement v2\n');

/**
 * A participant ends by its own signed word of what remains of each store of its last manifest: emptied, handed to a store
 * that somebody else declares, or kept on a ground. Without that word only an operator takes it out, and the log keeps
 * that nobody has said what became of its data.
 */
@Injectable()
export class RetireParticipant {
  constructor(
    private readonly log: TransparencyLog,
    private readonly keys: ServiceKeys,
    private readonly audit: RecordAccess,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async retire(
    { name }: Participant,
    { retirement, signature, keyId }: privacyV1.RetireParticipantRequest,
  ): Promise<privacyV1.RetireParticipantResponse> {
    const key = await this.keys.publicKeyOf(name, keyId);
    if (!key || !verifySignature(key, Buffer.concat([PREFIX, retirement]), signature))
      throw refusal(isFirstForm(retirement) ? 'RETIREMENT_WITHOUT_RECEIPT' : 'RETIREMENT_UNSIGNED');
    const says = readLastReceipt(retirement);
    if (!says) throw refusal('RETIREMENT_WITHOUT_RECEIPT', { metadata: { service: name, store: '' } });
    if (says.service !== name) throw refusal('RETIREMENT_UNSIGNED');
    return this.log.sequenced(async ({ tx, write }) => {
      // Under the lock: a key that was replaced a moment ago is still in the memory of the keys that others have.
      const known = await lockParticipant(tx, name);
      const state = await participantState(tx, name);
      if (known?.keyId !== keyId || !state || state.manifestVersion !== says.manifest)
        throw refusal('RETIREMENT_UNSIGNED');
      if (!state.retiredAt) {
        const manifests = await latestManifests(tx);
        const own = manifests.find(({ version }) => version === says.manifest)!;
        const absent = new Set(await notAnsweringForAllOf(tx, name));
        const others = manifests.filter(({ service }) => service !== name && !absent.has(service));
        const store = notReceipted(says, own, others);
        if (store !== undefined) {
          throw refusal('RETIREMENT_WITHOUT_RECEIPT', { metadata: { service: name, store } });
        }
        const at = this.clock.now();
        const [leaf] = await write([retirementLeaf(says, keyId, signature, at)]);
        const word = { retirement: Buffer.from(retirement), signature: Buffer.from(signature) };
        await retire(tx, name, { ...word, leaf: leaf! }, at);
      }
      return { unanswered: BigInt(state.unanswered) };
    });
  }

  async withoutReceipt(
    { tenantId, actorId, method: action }: Caller,
    { name, reason }: privacyV1.RetireLostParticipantRequest,
  ): Promise<void> {
    const at = this.clock.now();
    await this.log.sequenced(async ({ tx, write }) => {
      await lockParticipant(tx, name);
      const state = await participantState(tx, name);
      if (!state) throw refusal('PARTICIPANT_UNKNOWN');
      if (state.retiredAt) return;
      const said = {
        ...{ at: at.toISOString(), manifest: state.manifestVersion ?? '', service: name },
        ...{ type: 'participant_retired', without_receipt: reason },
      };
      const [leaf] = await write([Buffer.from(canonicalJson(said))]);
      await retireWithout(tx, name, { reason, leaf: leaf! }, at);
    });
    await this.audit.record(tenantId, [{ entryId: newId(), at, actorId, action, service: 'privacy' }]);
  }
}

/** Described in docs/certificate.md: whoever has the participant's key can verify it. */
function retirementLeaf(
  { at: said, manifest, remains, service }: LastReceipt,
  keyId: string,
  signature: Uint8Array,
  at: Date,
): Buffer {
  return Buffer.from(
    canonicalJson({
      ...{ at: at.toISOString(), key_id: keyId, manifest, remains, said_at: said, service },
      ...{ signature: Buffer.from(signature).toString('base64'), type: 'participant_retired' },
    }),
  );
}

/** As it was before a last receipt was asked for. */
function isFirstForm(retirement: Uint8Array): boolean {
  return Buffer.from(retirement).includes('"format":"heed retirement v1"');
}
