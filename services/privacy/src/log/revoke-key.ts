import { Inject, Injectable } from '@nestjs/common';
import { type privacyV1 } from '@heed/contracts';
import { CLOCK, invalidArgument, keyIdOf, newId, type Caller, type Clock } from '@heed/kernel';
import { RecordAccess } from '../audit/record-access.js';
import { refusal } from '../errors.js';
import { knownKeys } from './log-key.store.js';
import { LoggedKeys } from './logged-keys.js';
import { TransparencyLog } from './transparency-log.js';

/** A stolen key: the log says from where on nothing counts that it signs. */
@Injectable()
export class RevokeKey {
  constructor(
    private readonly log: TransparencyLog,
    private readonly keys: LoggedKeys,
    private readonly audit: RecordAccess,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async revoke(
    { tenantId, actorId, method: action }: Caller,
    { service, publicKey }: privacyV1.RevokeServiceKeyRequest,
  ): Promise<number> {
    if (publicKey.length !== 32) throw invalidArgument({ field: 'public_key', reason: 'NOT_32_BYTES' });
    const keyId = keyIdOf(publicKey);
    const known = await this.log.reading((tx, origin) => knownKeys(tx, origin, [keyId]));
    if ((known.get(keyId)?.service ?? service) !== service) throw refusal('LOG_KEY_OF_ANOTHER');
    const index = await this.keys.revoke({ service, keyId, publicKey });
    await this.audit.record(tenantId, [
      { entryId: newId(), at: this.clock.now(), actorId, action, service: 'privacy' },
    ]);
    return index;
  }
}
