import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, keyIdOf, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { refusal } from '../errors.js';
import { demandSignature } from './register-service-key.js';
import { keysOfService, markRevoked, pinServiceKey } from './service-key.store.js';

export interface Revocation {
  service: string;
  keyId: string;
  /** The key that follows, where the service signs with the revoked one; else empty. */
  successor: Buffer;
  /** Signature by that one over `heed service key:<service>`. */
  successorProof: Buffer;
}

/**
 * Ends a key that was stolen or lost. It cannot endorse its successor: whoever stole it could as well. The operator names
 * that one, in the same step, so that nobody can be quicker.
 */
@Injectable()
export class RevokeServiceKey {
  constructor(
    private readonly uow: UnitOfWork,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async revoke({ service, keyId, successor, successorProof }: Revocation): Promise<string> {
    return this.uow.runAcross('service', async (tx) => {
      const keys = await keysOfService(tx, service);
      const revoked = keys.find((key) => key.keyId === keyId);
      if (!revoked) throw refusal('SERVICE_KEY_NOT_FOUND');
      const last = keys.at(-1)!;
      const at = this.clock.now();
      await markRevoked(tx, service, keyId, at);
      if (last.keyId !== keyId) return last.keyId;
      if (successor.length !== 32) throw refusal('SERVICE_KEY_SUCCESSOR_MISSING');
      demandSignature(successor, `heed service key:${service}`, successorProof, 'successor_proof');
      const next = {
        service,
        keyId: keyIdOf(successor),
        publicKey: successor,
        registeredAt: at,
        follows: keyId,
      };
      const kept = await pinServiceKey(tx, { ...next, revokedAt: null });
      return kept.at(-1)!.keyId;
    });
  }
}
