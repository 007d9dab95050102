import { classOf, codeOf, codesIn, type DeliveryState } from './bounce-class.js';

/** What a delivery report comes to: nothing of its texts, which quote the person and their server (ATTACKS 1.4). */
export interface DeliveryReport {
  /** Undefined where it says no last word: delayed, relayed, expanded. */
  delivery: DeliveryState | undefined;
  code: string;
}

/**
 * The machine-readable part of a report. SPEC: RFC 3464, 2: fields of the message, a blank line, and fields for each
 * recipient. A message of ours has one recipient; where a report lists several (a list at the other end), the worst
 * counts, since mail to that address does not reach everybody behind it.
 */
export function readDeliveryStatus(content: string): DeliveryReport | undefined {
  const recipients = fieldsOf(content)
    .map((fields) => recipientOf(fields))
    .filter((recipient) => recipient !== undefined);
  const order: (DeliveryState | undefined)[] = [
    'hard_bounce',
    'blocked',
    'soft_bounce',
    'delivered',
    undefined,
  ];
  recipients.sort((a, b) => order.indexOf(a.delivery) - order.indexOf(b.delivery));
  return recipients[0];
}

/** A bounce without such a part, as old servers write it: what codes can be found in its first lines. */
export function readPlainBounce(text: string): DeliveryReport {
  const line = text
    .slice(0, 4_000)
    .split('\n')
    .find((candidate) => /(?<![\d.])5(\d\d|\.\d{1,3}\.\d{1,3})(?![\d.])/.test(candidate));
  // In the middle of a sentence the code is not at the head of the line.
  const codes = codesIn(line?.slice(Math.max(0, line.search(/(?<![\d.])5(\d\d|\.\d{1,3}\.\d)/))) ?? '');
  return { delivery: classOf(codes), code: codeOf(codes) };
}

type Fields = ReadonlyMap<string, string>;

function fieldsOf(content: string): Fields[] {
  return content
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/\n[ \t]+/g, ' ')
    .split(/\n{2,}/)
    .map(
      (group) =>
        new Map(
          group.split('\n').flatMap((line): [string, string][] => {
            const colon = line.indexOf(':');
            return colon < 1
              ? []
              : [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]];
          }),
        ),
    );
}

function recipientOf(fields: Fields): DeliveryReport | undefined {
  const action = fields.get('action')?.toLowerCase();
  if (action === undefined || !fields.has('final-recipient')) return undefined;
  const status = codesIn(fields.get('status') ?? '').enhanced;
  // SPEC: RFC 3464, 2.3.6: `smtp; 550 5.1.1 ...`: what the other server said, more precise than our own server's 5.0.0.
  const said = codesIn(/^smtp\s*;\s*(.*)$/i.exec(fields.get('diagnostic-code') ?? '')?.[1] ?? '');
  const vague = status === undefined || /^[245]\.0\.0$/.test(status);
  const codes = { enhanced: vague ? (said.enhanced ?? status) : status, reply: said.reply };
  switch (action) {
    case 'failed':
      return { delivery: classOf(codes), code: codeOf(codes) };
    case 'delivered':
      return { delivery: 'delivered', code: codeOf(codes) };
    default:
      return { delivery: undefined, code: codeOf(codes) };
  }
}

/** SPEC: RFC 5965, 3: type of the feedback; `abuse` and whatever else is no praise. */
export function isComplaint(content: string): boolean {
  const [fields] = fieldsOf(content);
  const type = fields?.get('feedback-type')?.toLowerCase() ?? '';
  // SPEC: RFC 6430 and 5965: `not-spam` takes one back. That grants nothing: a no is taken back by the person, to us.
  return type !== '' && type !== 'not-spam';
}
