import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS } from '@heed/config';
import { CLOCK, keyIdOf, verifySignature, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { refusal } from '../errors.js';
import { type IdentitySettings } from '../settings.js';
import { sameSecret } from './same-secret.js';
import { pinServiceKey } from './service-key.store.js';

/**
 * Takes a service's public key. Pinned: who knows the registration secret can make a service known that was not, but
 * not speak for one that is.
 */
@Injectable()
export class RegisterServiceKey {
  constructor(
    private readonly uow: UnitOfWork,
    @Inject(SETTINGS) private readonly settings: IdentitySettings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async register(
    secret: string | undefined,
    registration: { service: string; publicKey: Buffer; proof: Buffer },
  ): Promise<string> {
    const { service, publicKey, proof } = registration;
    if (!sameSecret(secret ?? '', this.settings.HEED_REGISTRATION_SECRET)) {
      throw refusal('REGISTRATION_SECRET_WRONG');
    }
    if (!verifySignature(publicKey, Buffer.from(`heed service key:${service}`), proof)) {
      throw refusal('SERVICE_KEY_PROOF_INVALID', {
        violations: [{ field: 'proof', reason: 'SERVICE_KEY_PROOF_INVALID' }],
      });
    }
    const key = { service, keyId: keyIdOf(publicKey), publicKey, registeredAt: this.clock.now() };
    const kept = await this.uow.runAcross('service', (tx) => pinServiceKey(tx, key));
    if (!kept.publicKey.equals(publicKey)) {
      throw refusal('SERVICE_KEY_DIFFERS', {
        metadata: { service, registered: kept.keyId, offered: key.keyId },
      });
    }
    return kept.keyId;
  }
}
