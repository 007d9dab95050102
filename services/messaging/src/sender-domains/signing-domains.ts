import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS } from '@heed/config';
import { CLOCK, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { type DkimKey } from '../dkim/dkim.js';
import { type MessagingSettings } from '../settings.js';
import { DomainKeys } from './domain-keys.js';
import { signingKeys } from './sender-domain.js';
import { SenderDomainStore } from './sender-domain.store.js';

/** What a sender needs to know of the domain that a mail is from. */
export interface SigningDomain {
  mayLeave: boolean;
  /** It was verified, and is not any more. */
  isFailing: boolean;
  keys: readonly DkimKey[];
}

/** For so long a process goes by what it read: what another one changes holds everywhere by then. */
const HELD_MS = 30_000;
const MOST_HELD = 500;

/** Whether mails from a domain may leave, and with which keys they are signed. */
@Injectable()
export class SigningDomains {
  private readonly held = new Map<string, { answer: Promise<SigningDomain>; since: number }>();
  private readonly verifiedOnly: boolean;

  constructor(
    private readonly uow: UnitOfWork,
    private readonly store: SenderDomainStore,
    private readonly keys: DomainKeys,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) settings: Pick<MessagingSettings, 'HEED_REQUIRE_VERIFIED_DOMAINS' | 'HEED_ENV'>,
  ) {
    this.verifiedOnly = settings.HEED_REQUIRE_VERIFIED_DOMAINS ?? settings.HEED_ENV === 'production';
  }

  /** By the part behind the @ of the sender's address. */
  of(tenantId: string, address: string): Promise<SigningDomain> {
    const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
    const name = `${tenantId} ${domain}`;
    const held = this.held.get(name);
    const now = this.clock.monotonicMs();
    if (held && now - held.since < HELD_MS) return held.answer;
    const answer = this.read(tenantId, domain);
    this.held.delete(name);
    this.held.set(name, { answer, since: now });
    if (this.held.size > MOST_HELD) this.held.delete(this.held.keys().next().value!);
    // What could not be read is read again by whoever asks next.
    answer.catch(() => this.held.delete(name));
    return answer;
  }

  /** What was changed here holds here at once. */
  forget(tenantId: string): void {
    for (const name of this.held.keys()) if (name.startsWith(tenantId)) this.held.delete(name);
  }

  private async read(tenantId: string, domain: string): Promise<SigningDomain> {
    const found = await this.uow.run(tenantId, (tx) => this.store.byName(tx, domain));
    if (!found) return { mayLeave: !this.verifiedOnly, isFailing: false, keys: [] };
    const keys = await Promise.all(
      signingKeys(found.keys).map((key) => this.keys.open(tenantId, domain, key)),
    );
    const mayLeave = !this.verifiedOnly || found.state === 'verified';
    return { mayLeave, isFailing: found.state === 'failing', keys };
  }
}
