import { Injectable } from '@nestjs/common';
import { REVOKED } from '@heed/permits';
import { type Tx } from '@heed/postgres';
import { Signals } from '@heed/signals';

/** Tells senders, within milliseconds of a commit, that what they hold about somebody is void. Lost: permits age. */
@Injectable()
export class Revocations {
  constructor(private readonly signals: Signals) {}

  after(tx: Tx, about: { contactId?: string | undefined; endpointHash?: Buffer | undefined }): void {
    tx.afterCommit(() =>
      this.signals.publish(REVOKED, {
        tenantId: tx.tenantId,
        contactId: about.contactId,
        endpointHash: about.endpointHash && publicHash(about.endpointHash).toString('hex'),
      }),
    );
  }
}

/** What others see of a stored hash: the 32 bytes of the HMAC, without the versions in front. */
export function publicHash(stored: Buffer): Buffer {
  return stored.subarray(stored.length - 32);
}
