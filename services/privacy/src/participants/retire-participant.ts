import { Inject, Injectable } from '@nestjs/common';
import { type privacyV1 } from '@heed/contracts';
import { canonicalJson, CLOCK, verifySignature, type Clock } from '@heed/kernel';
import { ServiceKeys } from '@heed/rpc';
import { z } from 'zod';
import { refusal } from '../errors.js';
import { TransparencyLog } from '../log/transparency-log.js';
import { lockParticipant, participantState, retire } from './participant.store.js';
import { type Participant } from './participant.js';

const PREFIX = Buffer.from('heed retirement v1\n');

const form = z.strictObject({
  at: z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/),
  format: z.literal('heed retirement v1'),
  manifest: z.string(),
  service: z.string(),
});

/**
 * A participant ends by its own signed word about its last manifest, and by nobody else's: an operator who could take one
 * out could make a store be forgotten.
 */
@Injectable()
export class RetireParticipant {
  constructor(
    private readonly log: TransparencyLog,
    private readonly keys: ServiceKeys,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async retire(
    { name }: Participant,
    { retirement, signature, keyId }: privacyV1.RetireParticipantRequest,
  ): Promise<privacyV1.RetireParticipantResponse> {
    const key = await this.keys.publicKeyOf(name, keyId);
    const isSigned = key && verifySignature(key, Buffer.concat([PREFIX, retirement]), signature);
    const says = isSigned ? read(Buffer.from(retirement)) : undefined;
    if (says?.service !== name) throw refusal('RETIREMENT_UNSIGNED');
    return this.log.sequenced(async ({ tx, write }) => {
      await lockParticipant(tx, name);
      const state = await participantState(tx, name);
      if (!state || state.manifestVersion !== says.manifest) throw refusal('RETIREMENT_UNSIGNED');
      if (!state.retiredAt) {
        const at = this.clock.now();
        const [leaf] = await write([retirementLeaf(says, keyId, signature, at)]);
        const word = { retirement: Buffer.from(retirement), signature: Buffer.from(signature) };
        await retire(tx, name, { ...word, leaf: leaf! }, at);
      }
      return { unanswered: BigInt(state.unanswered) };
    });
  }
}

/** Described in docs/certificate.md: whoever has the participant's key can verify it. */
function retirementLeaf(
  { at: said, manifest, service }: z.infer<typeof form>,
  keyId: string,
  signature: Uint8Array,
  at: Date,
): Buffer {
  return Buffer.from(
    canonicalJson({
      ...{ at: at.toISOString(), key_id: keyId, manifest, said_at: said, service },
      ...{ signature: Buffer.from(signature).toString('base64'), type: 'participant_retired' },
    }),
  );
}

function read(bytes: Buffer): z.infer<typeof form> | undefined {
  try {
    const says = form.safeParse(JSON.parse(bytes.toString('utf8')));
    return says.success && canonicalJson(says.data) === bytes.toString('utf8') ? says.data : undefined;
  } catch {
    return undefined;
  }
}
