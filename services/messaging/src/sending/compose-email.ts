import { type RenderedEmail } from '@heed/templates';
import * as base64 from 'nodemailer/lib/base64';
import MailComposer from 'nodemailer/lib/mail-composer';
import type MimeNode from 'nodemailer/lib/mime-node';
import * as qp from 'nodemailer/lib/qp';
import { type MessageAddresses } from '../inbound/inbound-addresses.js';

export interface EmailToCompose {
  attemptId: string;
  intentId: string;
  sender: { name: string; address: string };
  to: string;
  rendered: RenderedEmail;
  optOutUrl: string;
  /** Where answers and mailto: unsubscribes go; without them answers go to the sender. */
  answers?: Pick<MessageAddresses, 'reply' | 'unsubscribe'> | undefined;
  at: Date;
}

/** The message as it is handed over, headers and all. */
export function composeEmail(email: EmailToCompose): Buffer {
  const text = written(treeOf(email));
  return Buffer.from(text.endsWith('\n') ? text : `${text}\r\n`);
}

/** What nodemailer makes of it: headers, encodings and boundaries are the library's. */
export function treeOf(email: EmailToCompose): MimeNode {
  const { attemptId, intentId, sender, to, rendered, optOutUrl, answers, at } = email;
  const composer = new MailComposer({
    from: sender,
    // As an object: a text would be parsed, and one with a comma in it would be two recipients.
    to: { name: '', address: to },
    ...(answers ? { replyTo: answers.reply } : {}),
    subject: rendered.subject,
    text: rendered.text,
    ...(rendered.html === undefined ? {} : { html: rendered.html }),
    date: at,
    // Follows from the attempt: whoever gets it twice (a relay that lost an answer) can tell that it is one message.
    messageId: `<${attemptId}@${sender.address.slice(sender.address.lastIndexOf('@') + 1)}>`,
    headers: [
      // SPEC: RFC 8058: one POST to this address opts the person out, with no page in between.
      {
        key: 'List-Unsubscribe',
        value: { prepared: true, value: listUnsubscribe(optOutUrl, answers?.unsubscribe) },
      },
      { key: 'List-Unsubscribe-Post', value: 'List-Unsubscribe=One-Click' },
      { key: 'X-Heed-Intent', value: intentId },
    ],
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile();
}

/**
 * SPEC: RFC 2369, 3.2 and RFC 8058: both ways, for programs that know only one. The token of the link is the subject of
 * the mail, since it is too long for an address: it holds when the person who got the message is long erased.
 */
function listUnsubscribe(optOutUrl: string, unsubscribe: string | undefined): string {
  if (unsubscribe === undefined) return `<${optOutUrl}>`;
  const token = optOutUrl.slice(optOutUrl.lastIndexOf('/') + 1);
  return `<${optOutUrl}>,\r\n <mailto:${unsubscribe}?subject=${token}>`;
}

/**
 * The tree as text. The library's own `build` makes six streams and their pipelines for it: a quarter of all that a mail
 * costs the process that sends it (0.5 of 1.8 ms). The spec holds the two against each other, byte for byte.
 */
function written(node: MimeNode): string {
  const head = `${node.buildHeaders()}\r\n\r\n`;
  if (!node.multipart) return head + encoded(node);
  const parts = node.childNodes.map((child) => `--${String(node.boundary)}\r\n${written(child)}`);
  return `${head}${parts.join('\r\n')}\r\n--${String(node.boundary)}--\r\n`;
}

function encoded(node: MimeNode): string {
  const content = String(node.content ?? '');
  switch (node.getTransferEncoding()) {
    case 'quoted-printable':
      return qp.wrap(qp.encode(content));
    case 'base64':
      return base64.wrap(base64.encode(content));
    default:
      return content;
  }
}
