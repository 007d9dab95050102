import { Injectable } from '@nestjs/common';
import { Sealing } from '@heed/sealing';
import { type ProviderConnection } from './provider-connection.store.js';

const PURPOSE = 'provider_webhook';
/** A keyed hash bears its versions in front. */
const HASH_HEAD = 2;

type Numbered = Pick<ProviderConnection, 'tenantId' | 'providerConnectionId' | 'secretNumber'>;

/** Secrets of providers: made anew whenever one is needed, from the tenant's key and a number, and kept nowhere. */
@Injectable()
export class ProviderSecrets {
  constructor(private readonly sealing: Sealing) {}

  /** The one that it has now. */
  async current(connection: Numbered): Promise<Buffer> {
    const hash = await this.sealing.keyedHash(connection.tenantId, PURPOSE, textOf(connection));
    return hash.subarray(HASH_HEAD);
  }

  /** All that are good at this time, under whatever key of the tenant's they were made. */
  async usable(connection: ProviderConnection, at: Date): Promise<Buffer[]> {
    const { secretNumber, previousUntil } = connection;
    const hasPrevious = previousUntil !== null && previousUntil > at;
    const numbers = hasPrevious ? [secretNumber, secretNumber - 1] : [secretNumber];
    const found = await Promise.all(
      numbers.map((number) =>
        this.sealing.hashes.candidates(
          connection.tenantId,
          PURPOSE,
          textOf({ ...connection, secretNumber: number }),
          1,
        ),
      ),
    );
    return found.flat().map((hash) => hash.subarray(HASH_HEAD));
  }
}

function textOf({ providerConnectionId, secretNumber }: Numbered): string {
  return `${providerConnectionId}:${secretNumber}`;
}
