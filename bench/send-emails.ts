import { once } from 'node:events';
import { campaignsV1, messagingV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { readMailLog } from '../tools/story/src/measure/mail-log.js';
import { balance, follow, ledgerOf, SENDER, startCampaign } from '../tools/story/src/steps/campaigns.js';
import { type Bench, type Figure } from './bench.js';
import { emailOf, peopleIn } from './people.js';
import { type Place, type Town } from './place.js';
import { cpuOf } from './process-cpu.js';

/** The default of HEED_SMTP_SLOTS. */
const CONNECTIONS = 40;
const TEXT = 'Dear {{ first_name }}, these are the news of spring.';

/** Emails a second of a campaign over the six services, from the first mail begun to the ledger without anything open. */
export const sendEmails: Bench = {
  name: 'emails',
  run: async (place) => {
    const people = place.scaled(10_000, 200);
    const plain = await mailsOf(place, 'bench-emails', people);
    const signed = await mailsOf(place, 'bench-signed', people, verifySender);
    const floor = await bareMails((await place.cluster()).run.smtp, people);
    return [
      { ...plain, name: 'emails, all ledgers kept', floor, aim: { atLeast: 1_200 } },
      { ...signed, name: 'emails, signed by DKIM (RSA 2,048 and Ed25519)', floor, aim: { atLeast: 700 } },
    ];
  },
};

async function mailsOf(
  place: Place,
  slug: string,
  people: number,
  prepare?: (town: Town, place: Place) => Promise<void>,
): Promise<Pick<Figure, 'value' | 'unit' | 'notes'>> {
  const town = await place.town(slug);
  await prepare?.(town, place);
  const listId = await peopleIn(town, place, people);
  place.say(`${people} people to write to`);
  const cpu = await cpuOf(place);
  const { sent, seconds, firstAfterMs, mailsASecond } = await campaignOf(town, listId);
  const cpuMsAMail = cpu.per(sent);
  return {
    value: sent / seconds,
    unit: 'mails/s',
    notes: { sent, seconds, firstMailAfterMs: firstAfterMs, whileMailsLeft: mailsASecond, cpuMsAMail },
  };
}

/** From now on its mails are signed. */
async function verifySender({ cast: { owner } }: Town, { dns }: Place): Promise<void> {
  const domain = SENDER.senderAddress.slice(SENDER.senderAddress.indexOf('@') + 1);
  const { senderDomain } = await owner.senderDomains.createSenderDomain({ requestId: newId(), domain });
  const { senderDomainId, records } = senderDomain!;
  for (const { name, value } of records) dns.set('TXT', name, value);
  const verified = await owner.senderDomains.verifySenderDomain({ senderDomainId });
  if (verified.senderDomain!.state !== messagingV1.SenderDomainState.SENDER_DOMAIN_STATE_VERIFIED) {
    throw new Error(`${domain} cannot be verified: ${JSON.stringify(verified.senderDomain!.checks)}`);
  }
}

/** One campaign to many, from its start to its balance: how long each stage takes, and that memory does not grow with it. */
export const balanceCampaign: Bench = {
  name: 'campaign',
  run: async (place) => {
    const people = place.scaled(100_000, 500);
    const town = await place.town('bench-campaign');
    const listId = await peopleIn(town, place, people);
    place.say(`${people} people to write to`);
    const memory = new MemoryWatch(town);
    const begun = performance.now();
    const campaign = await campaignOf(town, listId);
    const seconds = (performance.now() - begun) / 1_000;
    const memoryMb = await memory.stop();
    const { sent, firstAfterMs, plannedAfterMs, lastAfterMs } = campaign;
    return [
      {
        name: `campaign to ${people.toLocaleString('en-US')}, start to balanced`,
        value: seconds,
        unit: 's',
        floor: people / (await bareMails(town.stage.cluster.run.smtp, Math.min(people, 10_000))),
        aim: {},
        notes: {
          sent,
          plannedAfterMs,
          firstMailAfterMs: firstAfterMs,
          lastMailAfterMs: lastAfterMs,
          memoryMb,
        },
      },
    ];
  },
};

/** The memory of the processes that a campaign passes through, at its tenths. */
class MemoryWatch {
  private readonly seen: Record<string, number>[] = [];
  private readonly timer: NodeJS.Timeout;
  private look: Promise<void> = Promise.resolve();

  constructor(private readonly town: Town) {
    this.timer = setInterval(() => (this.look = this.note()), 1_000);
  }

  /** Of each process in MB: in the first tenth, in the middle, in the last tenth, at most. */
  async stop(): Promise<Record<string, { first: number; middle: number; last: number; most: number }>> {
    clearInterval(this.timer);
    await this.look;
    await this.note();
    const at = (share: number) => this.seen[Math.floor((this.seen.length - 1) * share)]!;
    return Object.fromEntries(
      ['campaigns', 'messaging', 'contacts'].map((name) => [
        name,
        {
          ...{ first: at(0.1)[name]!, middle: at(0.5)[name]!, last: at(0.9)[name]! },
          most: Math.max(...this.seen.map((memory) => memory[name]!)),
        },
      ]),
    );
  }

  private async note(): Promise<void> {
    this.seen.push(await this.town.stage.cluster.memory());
  }
}

async function campaignOf({ stage, cast }: Town, listId: string) {
  const begun = Date.now();
  let plannedAfterMs = 0;
  const campaignId = await startCampaign(cast.manager, {
    ...{ name: 'Spring letter', subject: 'Spring, {{ first_name }}', text: TEXT, listId },
    ...{ ratePerSecond: 10_000, limit: 0 },
  });
  const ended = await follow(cast.manager, campaignId, (campaign) => {
    if (campaign.state === campaignsV1.CampaignState.CAMPAIGN_STATE_RUNNING)
      plannedAfterMs ||= Date.now() - begun;
    return false;
  });
  const ledger = ledgerOf(ended);
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
    lastAfterMs: Math.round(last - begun),
    plannedAfterMs,
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
