import { type HeedClient } from '@heed/client';
import { campaignsV1, messagingV1, typesV1 } from '@heed/contracts';
import { newId, systemClock } from '@heed/kernel';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { addressesIn, bounceMail, mail } from '../../../../services/messaging/test/answering.js';
import { type Installation } from './installation.js';
import { PERSON } from './person.js';

const OWN_PURPOSE = 'receipt';
const VARIABLE = { name: 'ware', kind: campaignsV1.VariableKind.VARIABLE_KIND_TEXT, maxLength: 100 };

/** A single message whose values are the person's own. */
export async function sendSingle(staff: HeedClient, contactId: string): Promise<void> {
  const { template } = await staff.templates.createTemplate({
    ...{ requestId: newId(), name: 'Receipt', channel: typesV1.Channel.CHANNEL_EMAIL },
    ...{
      subject: 'Your {{ values.ware }}',
      textBody: 'Dear {{ first_name }}, {{ values.ware }} are yours.',
      htmlBody: '',
    },
    ...{ senderName: 'Acme', senderAddress: 'news@acme.test', postalAddress: '1 Main Street, Springfield' },
    ...{ kind: campaignsV1.TemplateKind.TEMPLATE_KIND_TRANSACTIONAL, variables: [VARIABLE] },
    attachments: [{ name: 'terms.pdf', contentType: 'application/pdf', content: Buffer.from('%PDF-1.7') }],
    ...{ trackOpens: false, trackClicks: false },
  });
  const { attempt } = await staff.messages.sendMessage({
    ...{ requestId: newId(), contactId, purpose: OWN_PURPOSE, templateId: template!.templateId },
    values: { ware: PERSON.ware },
  });
  const ended = await untilAttempt(
    staff,
    attempt!.attemptId,
    ({ state }) => state === messagingV1.AttemptState.ATTEMPT_STATE_CONCLUDED,
  );
  if (ended.outcome !== typesV1.Outcome.OUTCOME_SENT)
    throw new Error(`the receipt was not sent: ${ended.reason}`);
}

/** The person answers the letter in words of their own; then their mail server says that they are not there. */
export async function answerAndBounce(
  installation: Installation,
  staff: HeedClient,
  contactId: string,
): Promise<void> {
  const letter = installation.mail.kept.find(({ to }) => to.includes(PERSON.email))!;
  const { reply, bounce } = addressesIn(letter);
  const from = `${PERSON.firstName} <${PERSON.email}>`;
  await bring(installation, { from: PERSON.email, to: reply }, mail({ From: from }, PERSON.reply));
  const asked = { pageSize: 1, pageToken: '', contactId };
  while ((await staff.replies.listReplies(asked)).replies.length === 0) await systemClock.wait(50);
  const { attempts } = await staff.messages.listAttempts(
    messagingV1.ListAttemptsRequest.fromPartial({ contactId }),
  );
  const { attemptId } = attempts.find(({ campaignId }) => campaignId !== '')!;
  const report = bounceMail({ action: 'failed', status: '5.1.1' }, letter.raw).replaceAll(
    'jane.secret@people.test',
    PERSON.email,
  );
  await bring(installation, { from: '', to: bounce }, report);
  await untilAttempt(
    staff,
    attemptId,
    ({ delivery }) => delivery === messagingV1.Delivery.DELIVERY_HARD_BOUNCE,
  );
}

async function untilAttempt(
  staff: HeedClient,
  attemptId: string,
  isSo: (attempt: messagingV1.Attempt) => boolean,
): Promise<messagingV1.Attempt> {
  for (;;) {
    const { attempt } = await staff.messages.getAttempt({ attemptId });
    if (isSo(attempt!)) return attempt!;
    await systemClock.wait(50);
  }
}

/** As somebody's mail server does. */
async function bring(
  { started }: Installation,
  envelope: { from: string; to: string },
  raw: string,
): Promise<void> {
  const connection = new SMTPConnection({ host: '127.0.0.1', port: started.inboundPort, ignoreTLS: true });
  try {
    await new Promise<void>((resolve, reject) => {
      connection.on('error', reject);
      connection.connect((error?: Error) => (error ? reject(error) : resolve()));
    });
    await new Promise<void>((resolve, reject) => {
      connection.send({ from: envelope.from, to: [envelope.to] }, raw, (error) =>
        error ? reject(error) : resolve(),
      );
    });
  } finally {
    connection.close();
  }
}
