import { typesV1 } from '@heed/contracts';
import { type Cast, type Stage } from '../stage.js';
import { type Mailbox } from './mailbox.js';
import { intentsOf, inTurn } from './opt-outs.js';
import { bringMail } from './outside-mail.js';
import { untilAll } from './until-all.js';

/** Of ten thousand so many answer, in their own language. */
const ANSWERING = 20;
const WORDS = [
  'Please stop writing to me.',
  'Bitte schreiben Sie mir nicht mehr.',
  'Por favor, dejen de escribirme.',
  'Merci de ne plus m’écrire.',
  'कृपया मुझे ईमेल न भेजें।',
  'mujhe mail mat bhejo',
];

/** People answer a message, over SMTP, and quote it below; some only say thanks. Gives the ids of those who said no. */
export async function answerByMail(
  stage: Stage,
  { manager, tenantId }: Cast,
  welcome: string,
  mailbox: Mailbox,
  spared: ReadonlySet<string>,
): Promise<{ said: string[]; thanked: string[]; recorded: number }> {
  const { inbound } = stage.cluster.run;
  if (inbound === undefined) return { said: [], thanked: [], recorded: 0 };
  const count = Math.max(2, Math.floor((ANSWERING * Math.min(10_000, stage.options.size)) / 10_000));
  const welcomed = await intentsOf(manager, welcome, { outcome: typesV1.Outcome.OUTCOME_SENT });
  // From the end of the list: those at its beginning press the link.
  const people = welcomed
    .filter(({ contactId }) => contactId !== '' && !spared.has(contactId))
    .slice(-2 * count);
  const [saying, thanking] = [people.slice(0, count), people.slice(count)];
  await inTurn([...saying.entries()], async ([index, { intentId }]) =>
    answer(inbound, await mailbox.replyTo(intentId), WORDS[index % WORDS.length]!),
  );
  await inTurn(thanking, async ({ intentId }) =>
    answer(inbound, await mailbox.replyTo(intentId), 'Thank you, please do not stop!'),
  );
  const said = saying.map(({ contactId }) => contactId);
  const thanked = thanking.map(({ contactId }) => contactId);
  const byReply = (ids: readonly string[]): Promise<number> =>
    stage.databases.count(
      'contacts',
      `select count(distinct contact_id) from consent_entry
       where tenant_id = $1 and contact_id = any($2::uuid[]) and source = 'reply'`,
      [tenantId, ids],
    );
  const recorded = await untilAll(() => byReply(said), said.length);
  stage.expect.equal('replies: opt-outs recorded', recorded, said.length);
  stage.expect.equal('replies: opt-outs of those who said thanks', await byReply(thanked), 0);
  return { said, thanked, recorded };
}

/** What a person's mail server does with an answer: the words, and the message that it answers below them. */
function answer(port: number, to: string, words: string): Promise<void> {
  const from = 'somebody@people.test';
  const quoted = '> Hello, good to have you here.\r\n> -- \r\n> Unsubscribe: see the link';
  const raw = [
    `From: ${from}`,
    `To: ${to}`,
    'Subject: Re: Welcome',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    `${words}\r\n\r\nOn Monday, Acme <news@acme.test> wrote:\r\n${quoted}\r\n`,
  ].join('\r\n');
  return bringMail(port, { from, to, raw });
}
