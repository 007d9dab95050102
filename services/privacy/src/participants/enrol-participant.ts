import { Inject, Injectable } from '@nestjs/common';
import { isServiceName, type privacyV1 } from '@heed/contracts';
import { CLOCK, invalidArgument, keyIdOf, newId, SigningKey, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { ServiceKeys } from '@heed/rpc';
import { RecordAccess } from '../audit/record-access.js';
import { refusal } from '../errors.js';
import { LoggedKeys } from '../log/logged-keys.js';
import { demandCovers, type Enrolment } from './participant.js';
import { lockParticipant, participantWithKey, saveParticipant } from './participant.store.js';

/**
 * Makes a service of somebody else's known by its key. Its key enters the log here, before anything that it signs can:
 * as one that attests for itself, since nobody but the participant looks into its stores.
 */
@Injectable()
export class EnrolParticipant {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly keys: ServiceKeys,
    private readonly logged: LoggedKeys,
    private readonly audit: RecordAccess,
    private readonly signing: SigningKey,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Returns the key by which orders are signed. */
  async enrol(
    { tenantId, actorId, method: action }: Caller,
    { name, publicKey, tenantIds }: privacyV1.EnrolParticipantRequest,
  ): Promise<Buffer> {
    if (isServiceName(name)) throw invalidArgument({ field: 'name', reason: 'NAME_OF_A_SERVICE' });
    if (publicKey.length !== 32) throw invalidArgument({ field: 'public_key', reason: 'NOT_32_BYTES' });
    const keyId = keyIdOf(publicKey);
    if (await this.keys.isOfService(keyId)) throw refusal('PARTICIPANT_KEY_TAKEN');
    await this.keep({ name, publicKey, tenantIds: [...new Set(tenantIds)] }, keyId);
    await this.keys.renew();
    await this.logged.note([{ service: name, keyId, publicKey }]);
    await this.audit.record(tenantId, [
      { entryId: newId(), at: this.clock.now(), actorId, action, service: 'privacy' },
    ]);
    return Buffer.from(this.signing.publicKey);
  }

  private keep(enrolment: Enrolment, keyId: string): Promise<void> {
    return this.uow.runAcross('service', async (tx) => {
      const known = await lockParticipant(tx, enrolment.name);
      if (known) demandCovers(known, enrolment);
      // Two names under one key could answer for each other.
      else if (await participantWithKey(tx, keyId)) throw refusal('PARTICIPANT_KEY_TAKEN');
      await saveParticipant(tx, enrolment, keyId, this.clock.now());
    });
  }
}
