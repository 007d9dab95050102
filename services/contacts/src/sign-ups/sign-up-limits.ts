import { createHmac, randomBytes } from 'node:crypto';
import { type Clock } from '@heed/kernel';
import { type Address } from '../contacts/address.js';
import { refusal } from '../errors.js';

interface Allowance {
  /** At once. */
  most: number;
  /** One more from then on in each of these. */
  everyMs: number;
}

/** An office behind one address, on the day of a fair. */
export const OF_A_NETWORK: Allowance = { most: 30, everyMs: 30_000 };
/** A form that was shown on television. */
export const OF_A_FORM: Allowance = { most: 3_000, everyMs: 200 };
/** Somebody who mistypes, and forgets that they had signed up. */
export const OF_A_MAILBOX: Allowance = { most: 10, everyMs: 5 * 3_600_000 };
const MOST_NAMES = 20_000;

/**
 * How often a form may be sent, one network may send forms, and one mailbox is asked. What is refused is refused before anything is
 * looked up, so that it tells nothing of any address. Kept in this process alone and under a key that dies with it: no
 * network is written down, and each replica counts for itself.
 */
export class SignUpLimits {
  private readonly used = new Map<string, { count: number; at: number }>();
  private readonly key = randomBytes(32);

  constructor(private readonly clock: Pick<Clock, 'monotonicMs'>) {}

  demand(of: { tenantId: string; signUpFormId: string; network: string }): void {
    const form = this.nameOf('form', `${of.tenantId} ${of.signUpFormId}`);
    const network = this.nameOf('network', of.network);
    const [byForm, byNetwork] = [this.left(form, OF_A_FORM), this.left(network, OF_A_NETWORK)];
    if (byForm.count >= OF_A_FORM.most || byNetwork.count >= OF_A_NETWORK.most)
      throw refusal('SIGN_UP_TOO_MANY');
    this.count(form, byForm);
    this.count(network, byNetwork);
  }

  /**
   * Whether one more mail may go to the mailbox that this address leads to. An address with `+` or dots in it is another
   * address, and may be the same mailbox: so many of them would be mails to one person. Nothing is refused, since that
   * would tell that somebody typed it.
   */
  mayMail(tenantId: string, { canonical }: Pick<Address, 'canonical'>): boolean {
    const mailbox = this.nameOf('mailbox', `${tenantId} ${mailboxOf(canonical)}`);
    const sent = this.left(mailbox, OF_A_MAILBOX);
    if (sent.count >= OF_A_MAILBOX.most) return false;
    this.count(mailbox, sent);
    return true;
  }

  private count(name: string, { count, at }: { count: number; at: number }): void {
    // Anew at the end of the map: who has been quiet longest is the first to be forgotten.
    this.used.delete(name);
    if (this.used.size >= MOST_NAMES) this.used.delete(this.used.keys().next().value ?? '');
    this.used.set(name, { count: count + 1, at });
  }

  /** What is still counted. `at` is when it began to be forgiven: a part of an interval counts on. */
  private left(name: string, { everyMs }: Allowance): { count: number; at: number } {
    const now = this.clock.monotonicMs();
    const known = this.used.get(name);
    if (known === undefined) return { count: 0, at: now };
    const forgiven = Math.floor((now - known.at) / everyMs);
    if (forgiven >= known.count) return { count: 0, at: now };
    return { count: known.count - forgiven, at: known.at + forgiven * everyMs };
  }

  private nameOf(kind: string, text: string): string {
    return createHmac('sha256', this.key).update(`${kind} ${text}`).digest('base64url');
  }
}

function mailboxOf(email: string): string {
  const at = email.lastIndexOf('@');
  const local = email.slice(0, at).replace(/\+.*$/, '').replaceAll('.', '');
  return `${local}${email.slice(at)}`;
}

/** The block of addresses that somebody is in: a /24 of IPv4, a /48 of IPv6. Enough for evidence, too little for a person. */
export function networkOf(address: string): string {
  const v4 = /^(?:::ffff:)?(\d+\.\d+\.\d+)\.\d+$/.exec(address);
  if (v4) return `${v4[1]}.0/24`;
  if (!address.includes(':')) return '';
  const [head = ''] = address.split('%')[0]!.toLowerCase().split('::');
  const groups = [...(head === '' ? [] : head.split(':')), '0', '0', '0'].slice(0, 3);
  return `${groups.map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/48`;
}
