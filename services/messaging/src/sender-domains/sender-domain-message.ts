import { isIPv6 } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS } from '@heed/config';
import { messagingV1 } from '@heed/contracts';
import { dkimRecord, dkimRecordName } from '../dkim/dkim-key.js';
import { type MessagingSettings } from '../settings.js';
import { passes, type DomainState } from './sender-domain.js';
import { type DomainWithKeys } from './sender-domain.store.js';
import { type SendingHosts } from './spf.js';

const { DomainCheckKind, SenderDomainState } = messagingV1;

const STATES: Record<DomainState, messagingV1.SenderDomainState> = {
  pending: SenderDomainState.SENDER_DOMAIN_STATE_PENDING,
  verified: SenderDomainState.SENDER_DOMAIN_STATE_VERIFIED,
  failing: SenderDomainState.SENDER_DOMAIN_STATE_FAILING,
};

export function stateOf(code: messagingV1.SenderDomainState): DomainState | undefined {
  return (Object.keys(STATES) as DomainState[]).find((state) => STATES[state] === code);
}

export function sendingHosts(
  settings: Pick<MessagingSettings, 'HEED_SPF_INCLUDE' | 'HEED_SENDING_HOSTS'>,
): SendingHosts {
  return { include: settings.HEED_SPF_INCLUDE, addresses: settings.HEED_SENDING_HOSTS ?? [] };
}

/** Domains as others see them, with the records that they need for mails of this installation. */
@Injectable()
export class SenderDomainMessages {
  private readonly hosts: SendingHosts;

  constructor(
    @Inject(SETTINGS) settings: Pick<MessagingSettings, 'HEED_SPF_INCLUDE' | 'HEED_SENDING_HOSTS'>,
  ) {
    this.hosts = sendingHosts(settings);
  }

  of(found: DomainWithKeys): messagingV1.SenderDomain {
    const { senderDomainId, domain, state, createdAt, checkedAt, verifiedAt } = found.domain;
    return {
      ...{ senderDomainId, domain, state: STATES[state] },
      checks: checkedAt === null ? [] : checksOf(found),
      records: [...keyRecords(found), ...this.spfRecords(found), ...dmarcRecords(found)],
      createdAt: createdAt.toISOString(),
      checkedAt: checkedAt?.toISOString() ?? '',
      verifiedAt: verifiedAt?.toISOString() ?? '',
    };
  }

  /** Where it has one already, the terms are put into that one: there may be one alone. */
  private spfRecords({ domain: { domain, spf } }: DomainWithKeys): messagingV1.DnsRecord[] {
    const { include, addresses } = this.hosts;
    const terms = [
      ...(include === undefined ? [] : [`include:${include}`]),
      ...addresses.map((address) => `${isIPv6(address) ? 'ip6' : 'ip4'}:${address}`),
    ];
    if (terms.length === 0) return [];
    const kind = DomainCheckKind.DOMAIN_CHECK_KIND_SPF;
    const value = ['v=spf1', ...terms, '~all'].join(' ');
    return [{ kind, type: 'TXT', name: domain, value, isPublished: passes(spf) }];
  }
}

function checksOf({ domain: { spf, dkim, dmarc } }: DomainWithKeys): messagingV1.DomainCheck[] {
  const check = (kind: messagingV1.DomainCheckKind, result: string): messagingV1.DomainCheck => ({
    ...{ kind, result, passed: passes(result) },
  });
  return [
    check(DomainCheckKind.DOMAIN_CHECK_KIND_SPF, spf),
    check(DomainCheckKind.DOMAIN_CHECK_KIND_DKIM, dkim),
    check(DomainCheckKind.DOMAIN_CHECK_KIND_DMARC, dmarc),
  ];
}

function keyRecords({ domain: { domain }, keys }: DomainWithKeys): messagingV1.DnsRecord[] {
  return keys
    .filter(({ retiredAt }) => retiredAt === null)
    .map(({ selector, algorithm, publicKey, isPublished }) => ({
      ...{ kind: DomainCheckKind.DOMAIN_CHECK_KIND_DKIM, type: 'TXT', isPublished },
      ...{ name: dkimRecordName(selector, domain), value: dkimRecord(algorithm, publicKey) },
    }));
}

/** The mildest policy: it asks for nothing to be thrown away. A domain that has a stricter one keeps it. */
function dmarcRecords({ domain: { domain, dmarc } }: DomainWithKeys): messagingV1.DnsRecord[] {
  const kind = DomainCheckKind.DOMAIN_CHECK_KIND_DMARC;
  return [
    { kind, type: 'TXT', name: `_dmarc.${domain}`, value: 'v=DMARC1; p=none', isPublished: passes(dmarc) },
  ];
}
