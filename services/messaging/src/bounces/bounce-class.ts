/** What a report says became of a message. `delayed` is not the last word. */
export type DeliveryState = 'delivered' | 'hard_bounce' | 'soft_bounce' | 'blocked' | 'complained';

/** How a mail server said it: its reply code, and the enhanced one where it gave one. */
export interface StatusCodes {
  /** SPEC: RFC 3463: class, subject, detail. */
  enhanced: string | undefined;
  /** SPEC: RFC 5321, 4.2. */
  reply: number | undefined;
}

/**
 * Subjects and details of RFC 3463 (and of RFC 7505 and 7372, which added some) that say that there is no such
 * recipient: writing again would be as futile, and held against whoever does it.
 */
const NO_SUCH_RECIPIENT = new Set(['1.1', '1.2', '1.3', '1.6', '1.10', '2.1', '4.4']);
/** Of these a permanent failure still says nothing for good: the mailbox is full, the message too large for it. */
const FULL_OR_BUSY = new Set(['2.2', '2.3', '3.1', '3.4', '4.5', '4.7']);
/** Policy, reputation, authentication, content: about the message and its sender, not about the address. */
const REFUSED_FOR_WHAT_IT_IS = /^(7\.\d+|6\.\d+|1\.[78]|3\.[235]|5\.\d+)$/;

/**
 * Hard: the address is no good. Soft: it may be tomorrow. Blocked: we are not wanted, or not like this. Where a server
 * says nothing precise, a refusal counts as soft: it is counted, and too many of them end it too.
 */
export function classOf({ enhanced, reply }: StatusCodes): 'hard_bounce' | 'soft_bounce' | 'blocked' {
  const [severity, subject, detail] = (enhanced ?? '').split('.');
  if (severity !== undefined && subject !== undefined && detail !== undefined) {
    const about = `${subject}.${detail}`;
    if (REFUSED_FOR_WHAT_IT_IS.test(about)) return 'blocked';
    if (severity === '5' && NO_SUCH_RECIPIENT.has(about)) return 'hard_bounce';
    if (severity === '4' || FULL_OR_BUSY.has(about)) return 'soft_bounce';
    // 5.0.0, 5.1.0, 5.4.x: the reply code may say more.
  }
  // SPEC: RFC 5321, 4.2.3: 550 and 553 are said of mailboxes, 551 of one that moved, 552 of a full one, 554 of anything.
  // Alone, 550 is what servers say of policy too.
  if (reply === 551 || reply === 553) return 'hard_bounce';
  return 'soft_bounce';
}

/** `5.1.1` as `5_1_1`, `550` as `smtp_550`: codes as attempts and events bear them. */
export function codeOf({ enhanced, reply }: StatusCodes): string {
  if (enhanced !== undefined) return enhanced.replaceAll('.', '_');
  return reply === undefined ? '' : `smtp_${reply}`;
}

const ENHANCED = /(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])/;
const REPLY = /(?<![\d.])([245]\d\d)(?![\d.])/;

/** The codes at the head of a mail server's line ("550 5.1.1 ..."). The rest may name people and is not looked at. */
export function codesIn(line: string): StatusCodes {
  const head = line.slice(0, 40);
  const reply = REPLY.exec(head)?.[1];
  return { enhanced: ENHANCED.exec(head)?.[1], reply: reply === undefined ? undefined : Number(reply) };
}
