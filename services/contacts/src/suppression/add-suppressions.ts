import { Inject, Injectable } from '@nestjs/common';
import { contactsV1 } from '@heed/contracts';
import { CLOCK, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { DIGEST_LENGTHS, type Digest } from '../contacts/address-forms.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { AddressHashes, type Standing } from '../contacts/address-hashes.js';
import { readAddress } from '../contacts/address.js';
import { channelOf } from '../contacts/channel-message.js';
import { FormAddresses } from './form-addresses.js';
import { Revocations } from './revocations.js';
import { suppress } from './suppression.store.js';

const { SuppressionKind: Kind } = contactsV1;

const DIGEST_OF = new Map<contactsV1.SuppressionKind, Digest>([
  [Kind.SUPPRESSION_KIND_MD5, 'md5'],
  [Kind.SUPPRESSION_KIND_SHA1, 'sha1'],
  [Kind.SUPPRESSION_KIND_SHA256, 'sha256'],
]);

type Listed = Pick<Standing, 'entry'> & Partial<Pick<Standing, 'name'>>;

/** A list of those who said no elsewhere. What was given is hashed and forgotten. */
@Injectable()
export class AddSuppressions {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly hashes: AddressHashes,
    private readonly forming: FormAddresses,
    private readonly revocations: Revocations,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async add(
    caller: Caller,
    { kind, entries, reason, channel, purpose }: contactsV1.AddSuppressionsRequest,
  ): Promise<contactsV1.AddSuppressionsResponse> {
    const { tenantId } = caller;
    const digest = DIGEST_OF.get(kind);
    const listed = digest
      ? await this.digests(tenantId, digest, entries)
      : await this.addresses(tenantId, entries);
    const scope = { channel: channelOf(channel), purpose, sender: '' };
    const added = await this.uow.run(
      tenantId,
      async (tx) => {
        const at = this.clock.now();
        const news = await suppress(tx, listed, { reason: 'listed', scope, at, stated: reason });
        await this.audit.tell(tx, caller, tenantId);
        if (digest) await this.forming.begin(tx);
        for (const { name } of listed) if (name) this.revocations.after(tx, { endpointHash: name });
        return news;
      },
      // As an opt-out: no import keeps it waiting for a connection.
      { priority: 'consent' },
    );
    return { added, known: listed.length - added, rejected: entries.length - listed.length };
  }

  private async digests(tenantId: string, digest: Digest, entries: readonly string[]): Promise<Listed[]> {
    const hexes = entries
      .map((entry) => entry.trim())
      .filter((entry) => entry.length === DIGEST_LENGTHS[digest] && /^[0-9a-fA-F]+$/.test(entry));
    return (await this.hashes.listed(tenantId, digest, hexes)).map((entry) => ({ entry }));
  }

  private async addresses(tenantId: string, entries: readonly string[]): Promise<Listed[]> {
    const addresses = entries.map(readAddress).filter((address) => address !== undefined);
    return this.hashes.standing(tenantId, await this.hashes.of(tenantId, addresses));
  }
}
