import { once } from 'node:events';
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { readMailLog } from '../tools/story/src/measure/mail-log.js';
import { balance, follow, ledgerOf, startCampaign } from '../tools/story/src/steps/campaigns.js';
import { type Bench } from './bench.js';
import { emailOf, peopleIn } from './people.js';
import { type Town } from './place.js';
import { cpuOf } from './process-cpu.js';

/** The default of HEED_SMTP_SLOTS. */
const CONNECTIONS = 40;
const TEXT = 'Dear {{ first_name }}, these are the news of spring.';

/** Emails a second of a campaign over the six services, from the first mail begun to the ledger without anything open. */
export const sendEmails: Bench = {
  name: 'emails',
  run: async (place) => {
    const people = place.scaled(10_000, 200);
    const town = await place.town('bench-emails');
    const listId = await peopleIn(town, place, people);
    place.say(`${people} people to write to`);
    const cpu = await cpuOf(place);
    const { sent, seconds, firstAfterMs, mailsASecond } = await campaignOf(town, listId);
    const cpuMsAMail = cpu.per(sent);
    const { smtp } = town.stage.cluster.run;
    return [
      {
        name: 'emails, all ledgers kept',
        value: sent / seconds,
        unit: 'mails/s',
        floor: await bareMails(smtp, people),
        aim: { atLeast: 500 },
        notes: { sent, seconds, firstMailAfterMs: firstAfterMs, whileMailsLeft: mailsASecond, cpuMsAMail },
      },
    ];
  },
};

async function campaignOf({ stage, cast }: Town, listId: string) {
  const begun = Date.now();
  const campaignId = await startCampaign(cast.manager, {
    ...{ name: 'Spring letter', subject: 'Spring, {{ first_name }}', text: TEXT, listId },
    ...{ ratePerSecond: 10_000, limit: 0 },
  });
  const ledger = ledgerOf(await follow(cast.manager, campaignId));
  if (balance(ledger) !== 0 || ledger.open !== 0 || ledger.sent !== ledger.audience)
    throw new Error(`not all was sent: ${JSON.stringify(ledger)}`);
  const [campaign] = await stage.databases.rows<{ finished: number }>(
    'campaigns',
    `select extract(epoch from finished_at)::float8 * 1000 as finished from campaign where campaign_id = $1`,
    [campaignId],
  );
  const log = (await readMailLog(stage.cluster.run.mail!.eventLog)).filter(({ at }) => at >= begun);
  const first = log.find(({ event }) => event === 'rcpt')!.at;
  const last = log.findLast(({ event }) => event === 'data-end')!.at;
  return {
    sent: ledger.sent,
    seconds: (campaign!.finished - first) / 1_000,
    firstAfterMs: Math.round(first - begun),
    mailsASecond: Math.round((ledger.sent * 1_000) / (last - first)),
  };
}

/** Mails a second over as many connections, one message ready for all, nothing kept by the sender. */
async function bareMails(url: string, count: number): Promise<number> {
  const { hostname, port } = new URL(url);
  const text = TEXT.replace('{{ first_name }}', 'Ada');
  const message = await new MailComposer({
    ...{ from: 'Acme News <news@acme.example>', to: emailOf(0), subject: 'Spring, Ada' },
    ...{
      text,
      html: `<p>${text}</p>`,
      headers: { 'List-Unsubscribe': `<https://acme.example/${'x'.repeat(200)}>` },
    },
  })
    .compile()
    .build();
  let next = 0;
  const begun = performance.now();
  const connection = async (): Promise<void> => {
    const smtp = new SMTPConnection({ host: hostname, port: Number(port), ignoreTLS: true });
    await new Promise<void>((resolve, reject) =>
      smtp.connect((error) => (error ? reject(error) : resolve())),
    );
    for (let n = next++; n < count; n = next++) {
      const envelope = { from: 'news@acme.example', to: emailOf(n) };
      await new Promise<void>((resolve, reject) =>
        smtp.send(envelope, message, (error) => (error ? reject(error) : resolve())),
      );
    }
    const ended = once(smtp, 'end');
    smtp.quit();
    await ended;
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  return (count * 1_000) / (performance.now() - begun);
}
