import { Inject, Injectable } from '@nestjs/common';
import { type privacyV1 } from '@heed/contracts';
import {
  canonicalJson,
  CLOCK,
  invalidArgument,
  keyIdOf,
  newId,
  verifySignature,
  type Caller,
  type Clock,
} from '@heed/kernel';
import { ServiceKeys } from '@heed/rpc';
import { z } from 'zod';
import { RecordAccess } from '../audit/record-access.js';
import { refusal } from '../errors.js';
import { LoggedKeys } from '../log/logged-keys.js';
import { TransparencyLog } from '../log/transparency-log.js';
import { lockParticipant, participantWithKey, replaceKey } from './participant.store.js';
import { type Participant } from './participant.js';

const PREFIX = Buffer.from('heed key change v1\n');

const form = z.strictObject({
  format: z.literal('heed key change v1'),
  key: z.base64(),
  previous_key: z.string(),
  service: z.string(),
});

/**
 * A participant goes on with another key: its old one signs for that, or, where that is lost, an operator says so. The log
 * knows of both keys, and from where on the old one signs for nothing: receipts before it stand, those after it are refused.
 */
@Injectable()
export class ChangeKey {
  constructor(
    private readonly log: TransparencyLog,
    private readonly logged: LoggedKeys,
    private readonly keys: ServiceKeys,
    private readonly audit: RecordAccess,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async change(
    participant: Participant,
    { change, signature, newSignature }: privacyV1.ChangeParticipantKeyRequest,
  ): Promise<string> {
    const { name, keyId: before, publicKey: old } = participant;
    const says = read(Buffer.from(change));
    const key = says && Buffer.from(says.key, 'base64');
    const isOfUs = says?.service === name && key?.length === 32;
    const signed = Buffer.concat([PREFIX, change]);
    if (!isOfUs || !verifySignature(key, signed, newSignature)) throw refusal('KEY_CHANGE_UNSIGNED');
    const keyId = keyIdOf(key);
    // The answer was lost, and it has come again with the new one.
    if (keyId === before) return keyId;
    if (says.previous_key !== before || !verifySignature(old, signed, signature))
      throw refusal('KEY_CHANGE_UNSIGNED');
    const said = {
      key_id: keyId,
      previous_key: before,
      signature: Buffer.from(signature).toString('base64'),
    };
    await this.put(name, key, before, said);
    return keyId;
  }

  async replace(
    { tenantId, actorId, method: action }: Caller,
    { name, publicKey, reason }: privacyV1.ReplaceParticipantKeyRequest,
  ): Promise<void> {
    if (publicKey.length !== 32) throw invalidArgument({ field: 'public_key', reason: 'NOT_32_BYTES' });
    await this.put(name, Buffer.from(publicKey), undefined, { key_id: keyIdOf(publicKey), because: reason });
    await this.audit.record(tenantId, [
      { entryId: newId(), at: this.clock.now(), actorId, action, service: 'privacy' },
    ]);
  }

  /** `before`: the key that is replaced; any, where an operator says so. */
  private async put(name: string, key: Buffer, before: string | undefined, says: object): Promise<void> {
    const keyId = keyIdOf(key);
    if (await this.keys.isOfService(keyId)) throw refusal('PARTICIPANT_KEY_TAKEN');
    await this.log.sequenced(async (alone) => {
      const { tx } = alone;
      const known = await lockParticipant(tx, name);
      if (!known) throw refusal('PARTICIPANT_UNKNOWN');
      if (known.keyId === keyId) return;
      if (known.retiredAt) throw refusal('PARTICIPANT_RETIRED');
      if (before !== undefined && known.keyId !== before) throw refusal('KEY_CHANGE_UNSIGNED');
      if (await participantWithKey(tx, keyId)) throw refusal('PARTICIPANT_KEY_TAKEN');
      const old = { service: name, keyId: known.keyId, publicKey: known.publicKey };
      const said = { ...says, previous_key: known.keyId };
      await this.logged.replace(alone, said, { service: name, keyId, publicKey: key }, old);
      await replaceKey(tx, name, keyId, key);
    });
    await this.keys.renew();
  }
}

function read(bytes: Buffer): z.infer<typeof form> | undefined {
  try {
    const says = form.safeParse(JSON.parse(bytes.toString('utf8')));
    return says.success && canonicalJson(says.data) === bytes.toString('utf8') ? says.data : undefined;
  } catch {
    return undefined;
  }
}
