import { ALL_OUTREACH, coversPurpose } from '@heed/contracts';
import { judgeReply, type Reach } from '../replies/judge-reply.js';
import { type DeliveryState } from '../bounces/bounce-class.js';
import { type AddressKind } from './inbound-address.js';
import { type InboundKind, type Scope } from './inbound-mail.js';
import { type ReadMail } from './read-mail.js';

/** What a mail means to whoever wrote to the person. */
export interface Judged {
  kind: InboundKind;
  scope: Scope;
  delivery?: DeliveryState | undefined;
  code: string;
}

const NOTHING: Scope = { channel: '', purpose: '' };

/**
 * By its form, the address that it came to, and its words, in this order. Undefined: a machine wrote it, and it says
 * nothing. `purpose` is that of the message that it answers; empty where nobody knows it any more.
 */
export function judgeMail(
  read: ReadMail | undefined,
  { kind: address, purpose }: { kind: AddressKind; purpose: string },
): Judged | undefined {
  // A complaint is about the sender's mail as such: the mail provider asks that all of it ends.
  if (read?.kind === 'complaint') {
    return {
      kind: 'complaint',
      scope: { channel: 'email', purpose: '' },
      delivery: 'complained',
      code: 'arf',
    };
  }
  if (read?.kind === 'bounce') {
    const { delivery, code } = read.report;
    return { kind: 'bounce', scope: NOTHING, delivery, code };
  }
  // SPEC: RFC 2369, 3.2: whatever arrives there is a wish to be left out. Programs send it for the person, and some say
  // that they are programs.
  if (address === 'unsubscribe')
    return { kind: 'opt_out', scope: { channel: 'email', purpose }, code: 'mailto' };
  if (read?.kind === 'automatic') return undefined;
  // Words that cannot be read may be a no.
  if (read === undefined) return { kind: 'doubt', scope: NOTHING, code: 'unreadable' };
  const verdict = judgeReply(read);
  switch (verdict.says) {
    case 'opt_out':
      return {
        ...{ kind: 'opt_out', code: 'reply' },
        scope: scopeOf(verdict.reach, purpose),
      };
    case 'doubt':
      return { kind: 'doubt', scope: NOTHING, code: 'words' };
    case 'answer':
      return { kind: 'answer', scope: NOTHING, code: '' };
  }
}

/**
 * "STOP", said to a newsletter, ends all that may be refused, and receipts still come. Said to a receipt, or to nobody
 * knows what, it is a no to that as well.
 */
function scopeOf(reach: Reach, purpose: string): Scope {
  if (reach === 'everything') return NOTHING;
  const isOutreach = reach === 'outreach' && coversPurpose(ALL_OUTREACH, purpose);
  return { channel: 'email', purpose: isOutreach ? ALL_OUTREACH : '' };
}
