import { type RenderedEmail } from '@heed/templates';
import MailComposer from 'nodemailer/lib/mail-composer';

export interface EmailToCompose {
  attemptId: string;
  intentId: string;
  sender: { name: string; address: string };
  to: string;
  rendered: RenderedEmail;
  optOutUrl: string;
  at: Date;
}

/** The message as it is handed over, headers and all. */
export function composeEmail(email: EmailToCompose): Promise<Buffer> {
  const { attemptId, intentId, sender, to, rendered, optOutUrl, at } = email;
  const composer = new MailComposer({
    from: sender,
    // As an object: a text would be parsed, and one with a comma in it would be two recipients.
    to: { name: '', address: to },
    subject: rendered.subject,
    text: rendered.text,
    ...(rendered.html === undefined ? {} : { html: rendered.html }),
    date: at,
    // Follows from the attempt: whoever gets it twice (a relay that lost an answer) can tell that it is one message.
    messageId: `<${attemptId}@${sender.address.slice(sender.address.lastIndexOf('@') + 1)}>`,
    headers: [
      // SPEC: RFC 8058: one POST to this address opts the person out, with no page in between.
      { key: 'List-Unsubscribe', value: { prepared: true, value: `<${optOutUrl}>` } },
      { key: 'List-Unsubscribe-Post', value: 'List-Unsubscribe=One-Click' },
      { key: 'X-Heed-Intent', value: intentId },
    ],
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}
