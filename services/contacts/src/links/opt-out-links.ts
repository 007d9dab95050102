import { timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS } from '@heed/config';
import { isUuid } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { Sealing } from '@heed/sealing';
import { tenantHasPeople } from '../contacts/contact.store.js';
import { refusal } from '../errors.js';
import { type ContactsSettings } from '../settings.js';
import { encodeLink, readToken, SEAL_BYTES, tokenOf, type OptOutLink } from './opt-out-token.js';

const PURPOSE = 'opt_out_link';

/**
 * Links by which people opt out. They never expire: the law asks for 30 days (LAW: 15 U.S.C. 7704(a)(3)), a person who
 * finds an old mail asks for no less than one who finds a new one, and "no" is always safe to hear. Their seals are
 * verified under every key that the tenant ever had.
 */
@Injectable()
export class OptOutLinks {
  private readonly base: string;
  private readonly known = new Set<string>();

  constructor(
    private readonly sealing: Sealing,
    private readonly uow: UnitOfWork,
    @Inject(SETTINGS) settings: Pick<ContactsSettings, 'HEED_PUBLIC_URL'>,
  ) {
    this.base = `${settings.HEED_PUBLIC_URL.replace(/\/+$/, '')}/u/`;
  }

  /** Links, in order. */
  async mint(tenantId: string, links: readonly OptOutLink[]): Promise<string[]> {
    const bytes = links.map(encodeLink);
    const seals = await this.sealing.keyedHashes(
      tenantId,
      PURPOSE,
      bytes.map((link) => link.toString('base64')),
    );
    return bytes.map((link, index) => this.base + tokenOf(link, seals[index]!));
  }

  /** What the token says, if it is one of ours. Whoever tries gets the same answer for every kind of wrong one. */
  async verify(token: string): Promise<OptOutLink> {
    const read = readToken(token);
    if (!read || !isUuid(read.link.tenantId) || !(await this.isSealed(read))) throw refusal('LINK_INVALID');
    return read.link;
  }

  private async isSealed({ link, bytes, seal }: NonNullable<ReturnType<typeof readToken>>): Promise<boolean> {
    if (!(await this.isKnown(link.tenantId))) return false;
    const seals = await this.sealing.hashes.candidates(link.tenantId, PURPOSE, bytes.toString('base64'), 1);
    return seals.some((candidate) => timingSafeEqual(candidate.subarray(0, SEAL_BYTES), seal));
  }

  /** A key is made for a tenant that has none: a stranger's made-up tenants must not become keys. */
  private async isKnown(tenantId: string): Promise<boolean> {
    if (this.known.has(tenantId)) return true;
    const known = await this.uow.run(tenantId, tenantHasPeople, { priority: 'consent' });
    // What had people once has its key, whoever has gone since.
    if (known) this.known.add(tenantId);
    return known;
  }
}
