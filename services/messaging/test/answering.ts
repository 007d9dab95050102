import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { InboundServer } from '../src/inbound/inbound-server.js';
import { type MessagingService } from './messaging-service.js';
import { type Kept } from './smtp-peer.js';

export const INBOUND_DOMAIN = 'in.sender.test';

/** Settings under which messaging takes mail that comes back. */
export const inboundEnv = { HEED_INBOUND_DOMAIN: INBOUND_DOMAIN, HEED_INBOUND_SMTP_PORT: '0' };

interface Envelope {
  from: string;
  to: string;
}

/** What a message says of where answers go. */
export function addressesIn({ raw, from }: Kept): {
  bounce: string;
  reply: string;
  unsubscribe: string;
  token: string;
} {
  const head = raw.slice(0, raw.indexOf('\r\n\r\n')).replaceAll(/\r\n[ \t]+/g, ' ');
  const mailto = /<mailto:([^?>]+)\?subject=([\w-]+)>/.exec(head);
  return {
    bounce: from,
    reply: /^Reply-To: (\S+)$/m.exec(head)?.[1] ?? '',
    unsubscribe: mailto?.[1] ?? '',
    token: mailto?.[2] ?? '',
  };
}

/** Somebody's mail server, which brings what they wrote. Answers the code that it was answered. */
export async function bring(
  service: Pick<MessagingService, 'cluster'>,
  envelope: Envelope,
  raw: string,
): Promise<number> {
  const { port } = service.cluster.service('messaging').get(InboundServer);
  const connection = new SMTPConnection({ host: '127.0.0.1', port: port!, ignoreTLS: true });
  try {
    await new Promise<void>((resolve, reject) => {
      connection.on('error', reject);
      connection.connect((error?: Error) => (error ? reject(error) : resolve()));
    });
    return await new Promise<number>((resolve, reject) => {
      connection.send({ from: envelope.from, to: [envelope.to] }, raw, (error) => {
        const { responseCode } = (error ?? { responseCode: 250 }) as { responseCode?: number };
        if (responseCode === undefined) reject(error as Error);
        else resolve(responseCode);
      });
    });
  } finally {
    connection.close();
  }
}

/** A plain mail. */
export function mail(fields: Record<string, string>, text: string): string {
  const head = { From: 'Jane <jane@people.test>', Subject: 'Re: Hello', ...fields };
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}`);
  return [...lines, 'MIME-Version: 1.0', 'Content-Type: text/plain; charset=utf-8', '', text, ''].join(
    '\r\n',
  );
}

/** SPEC: RFC 3464. */
export function bounceMail(
  fields: { action: string; status: string; diagnostic?: string },
  original = '',
): string {
  return [
    'From: MAILER-DAEMON@mx.people.test',
    'Subject: Undelivered Mail Returned to Sender',
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b1"',
    '',
    '--b1',
    'Content-Type: text/plain',
    '',
    'I am sorry. <jane.secret@people.test>: user unknown. Please stop writing to me.',
    '',
    '--b1',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.people.test',
    '',
    'Final-Recipient: rfc822; jane.secret@people.test',
    `Action: ${fields.action}`,
    `Status: ${fields.status}`,
    ...(fields.diagnostic ? [`Diagnostic-Code: smtp; ${fields.diagnostic}`] : []),
    '',
    '--b1',
    'Content-Type: text/rfc822-headers',
    '',
    original.slice(0, Math.max(0, original.indexOf('\r\n\r\n'))),
    '',
    '--b1--',
    '',
  ].join('\r\n');
}

/** SPEC: RFC 5965. */
export function complaintMail(original: string): string {
  return [
    'From: feedback@provider.test',
    'Subject: FW: Hello',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=feedback-report; boundary="b2"',
    '',
    '--b2',
    'Content-Type: text/plain',
    '',
    'This is an email abuse report.',
    '',
    '--b2',
    'Content-Type: message/feedback-report',
    '',
    'Feedback-Type: abuse',
    'User-Agent: Provider/1.0',
    'Version: 1',
    '',
    '--b2',
    'Content-Type: message/rfc822',
    '',
    original,
    '--b2--',
    '',
  ].join('\r\n');
}
