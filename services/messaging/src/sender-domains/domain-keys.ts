import { createPrivateKey, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, newId, type Clock } from '@heed/kernel';
import { Sealing } from '@heed/sealing';
import { type DkimAlgorithm, type DkimKey } from '../dkim/dkim.js';
import { makeKey, publicPart } from '../dkim/dkim-key.js';
import { type DkimKeyEntity } from './dkim-key.entity.js';
import { type SigningKeyRow } from './sender-domain.store.js';

const ALGORITHMS: readonly DkimAlgorithm[] = ['rsa-sha256', 'ed25519-sha256'];

/** Private keys: made, and put under the master key; in the clear in memory alone. */
@Injectable()
export class DomainKeys {
  constructor(
    private readonly sealing: Sealing,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** One of each kind. Outside of any transaction: RSA takes up to a second. */
  make(tenantId: string, senderDomainId: string): Promise<DkimKeyEntity[]> {
    const createdAt = this.clock.now();
    // The same for nobody: two tenants may have one domain, each with records of its own.
    const word = randomBytes(4).toString('hex');
    return Promise.all(
      ALGORITHMS.map(async (algorithm) => {
        const dkimKeyId = newId();
        const key = await makeKey(algorithm);
        const der = key.export({ type: 'pkcs8', format: 'der' });
        const { wrapped, keyId } = await this.sealing.wrapSecret(tenantId, useOf(dkimKeyId), der);
        return {
          ...{ tenantId, dkimKeyId, senderDomainId, algorithm, createdAt, retiredAt: null },
          selector: `heed-${word}-${algorithm === 'rsa-sha256' ? 'r' : 'e'}`,
          ...{ publicKey: publicPart(algorithm, key), privateKey: wrapped, masterKeyId: keyId },
          isPublished: false,
        };
      }),
    );
  }

  async open(tenantId: string, domain: string, row: SigningKeyRow): Promise<DkimKey> {
    const { dkimKeyId, algorithm, selector, privateKey, masterKeyId } = row;
    const der = await this.sealing.unwrapSecret(tenantId, useOf(dkimKeyId), {
      ...{ wrapped: privateKey!, keyId: masterKeyId },
    });
    const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    return { domain, selector, algorithm, key };
  }
}

const useOf = (dkimKeyId: string): string => `dkim:${dkimKeyId}`;
