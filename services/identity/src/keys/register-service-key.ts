import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS } from '@heed/config';
import { CLOCK, keyIdOf, verifySignature, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { refusal } from '../errors.js';
import { type IdentitySettings } from '../settings.js';
import { sameSecret } from './same-secret.js';
import { keysOfService, pinServiceKey, type ServiceKeyRow } from './service-key.store.js';

/** How long calls made with a key are taken after another has followed it: time to start every replica anew. */
const OVERLAP_MS = 24 * 3_600_000;

export interface Registration {
  service: string;
  publicKey: Buffer;
  proof: Buffer;
  endorsement: Buffer;
}

/**
 * Takes a service's public key. Pinned: who knows the registration secret can make a service known that was not, but
 * not speak for one that is. Only the key itself names its successor.
 */
@Injectable()
export class RegisterServiceKey {
  constructor(
    private readonly uow: UnitOfWork,
    @Inject(SETTINGS) private readonly settings: IdentitySettings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async register(secret: string | undefined, registration: Registration): Promise<string> {
    const { service, publicKey, proof, endorsement } = registration;
    if (!sameSecret(secret ?? '', this.settings.HEED_REGISTRATION_SECRET)) {
      throw refusal('REGISTRATION_SECRET_WRONG');
    }
    demandSignature(publicKey, `heed service key:${service}`, proof, 'proof');
    const keyId = keyIdOf(publicKey);
    const kept = await this.uow.runAcross('service', async (tx) => {
      const before = await keysOfService(tx, service);
      const last = before.at(-1);
      if (before.some((key) => key.keyId === keyId) || (last && endorsement.length === 0)) return before;
      if (last) {
        const change = `heed service key change:${service}:${keyId}`;
        demandSignature(last.publicKey, change, endorsement, 'endorsement');
      }
      const key = { service, keyId, publicKey, registeredAt: this.clock.now(), follows: last?.keyId ?? null };
      return pinServiceKey(tx, { ...key, revokedAt: null });
    });
    // A key that was followed by another is not taken up again, however right it once was.
    const last = kept.at(-1);
    if (last?.keyId === keyId || (last && this.isStillTaken(kept, keyId))) return keyId;
    throw refusal('SERVICE_KEY_DIFFERS', {
      metadata: { service, registered: last?.keyId ?? '', offered: keyId },
    });
  }

  /** Replicas that start with the old key while others have the new one already. */
  private isStillTaken(kept: readonly ServiceKeyRow[], keyId: string): boolean {
    const at = retiresAt(kept, keyId);
    return at !== undefined && this.clock.now().getTime() < at.getTime();
  }
}

/** From when on calls made with this key are refused; undefined for a service's last one, and for one it never had. */
export function retiresAt(keys: readonly ServiceKeyRow[], keyId: string): Date | undefined {
  const revokedAt = keys.find((key) => key.keyId === keyId)?.revokedAt;
  if (revokedAt) return revokedAt;
  const successor = keys.find(({ follows }) => follows === keyId);
  return successor && new Date(successor.registeredAt.getTime() + OVERLAP_MS);
}

export function demandSignature(
  publicKey: Buffer,
  over: string,
  signature: Buffer,
  field: 'proof' | 'endorsement' | 'successor_proof',
): void {
  if (verifySignature(publicKey, Buffer.from(over), signature)) return;
  const reason = field === 'endorsement' ? 'SERVICE_KEY_ENDORSEMENT_INVALID' : 'SERVICE_KEY_PROOF_INVALID';
  throw refusal(reason, { violations: [{ field, reason }] });
}
