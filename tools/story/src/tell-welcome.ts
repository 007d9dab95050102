import { type campaignsV1 } from '@heed/contracts';
import { ledgerLine, wordsOf } from './lines.js';
import { type LedgerFigures } from './report.js';
import { type Cast, type Stage } from './stage.js';
import {
  callTheUnreachable,
  closeMailboxes,
  MAY_BOUNCE_SECONDS,
  returnMails,
  waitForDeliveries,
} from './steps/bounces.js';
import { balance, follow, ledgerOf, startCampaign } from './steps/campaigns.js';
import { callPerson, findContact } from './steps/call.js';
import { importContacts } from './steps/import.js';
import { type Mailbox } from './steps/mailbox.js';
import { peopleFor } from './steps/subjects.js';

const WELCOME = 500;
const RATE_PER_SECOND = 400;

export type Welcomed = Awaited<ReturnType<typeof welcomePeople>>;

/** A file comes in, everybody is welcomed, who cannot be reached is called, and one more. Two of them will ask later. */
export async function welcomePeople(stage: Stage, cast: Cast, mailbox: Mailbox) {
  const { steps, options } = stage;
  const imported = await steps.run(
    'import',
    () => importContacts(stage, cast),
    ({ figures, rejectFile, reasons }) =>
      `${figures.rows} rows, ${figures.accepted} accepted, ${figures.rejected} rejected ${wordsOf(reasons)}`.trimEnd() +
      `, rejects in ${rejectFile}`,
  );
  const { listId } = imported.audience;
  const { erased, copied } = await peopleFor(stage, cast, imported.audience);
  const limit = Math.min(WELCOME, options.size);
  const spared = [erased.email, copied.email];
  const bouncing = await closeMailboxes(stage, cast, { listId, limit, spared });
  const returning = returnMails(stage, bouncing, mailbox);
  const welcome = await steps.run(
    'welcome',
    async () => {
      const id = await startCampaign(cast.manager, {
        name: 'Welcome',
        subject: 'Welcome, {{ first_name | default: "friend" }}',
        text: 'Hello {{ first_name | default: "friend" }}, good to have you here.',
        ...{ listId, ratePerSecond: RATE_PER_SECOND, limit },
        call: {
          script: 'Hello, this is Acme: our mail to you came back. Press 9 if we should not call.',
          withinSeconds: MAY_BOUNCE_SECONDS,
        },
      });
      const messages = ({ steps: [first] }: campaignsV1.Campaign): campaignsV1.Campaign['ledger'] =>
        first?.ledger;
      const reached = await follow(cast.manager, id, (now) => {
        const ledger = messages(now);
        return now.startedAt !== '' && Number(ledger?.audience) > 0 && ledger?.open === 0n;
      });
      return { id, ledger: ledgerOf({ ledger: messages(reached) }) };
    },
    ({ ledger }) => ledgerLine(ledger),
  );
  const bounces = await steps.run(
    'bounces',
    async () => {
      await returning;
      return callTheUnreachable(stage, cast, welcome.id, bouncing);
    },
    ({ refused, returned, called, pressed, recordedMs, askedAfterwards, rang }) =>
      `${refused} mails refused at once, ${returned} returned: the second step called ${called}; ${pressed} pressed 9, ` +
      `recorded after p50 ${Math.round(recordedMs.p50)} p99 ${Math.round(recordedMs.p99)} ms; ` +
      `${askedAfterwards} denied since, ${rang} phones rang`,
  );
  await steps.run(
    'call',
    async () => callPerson(stage, cast, await findContact(cast.agent, erased.email)),
    ({ durationMs, recordingBytes }) =>
      `answered, ${durationMs} ms, a recording of ${recordingBytes} bytes, sealed`,
  );
  return { imported, listId, erased, copied, welcome, bouncing, bounces };
}

/** The welcome has waited for what might come back, and ends by itself. */
export function welcomeEnded(stage: Stage, cast: Cast, { welcome }: Welcomed): Promise<LedgerFigures> {
  const { expect, steps } = stage;
  return steps.run(
    'waited',
    async () => {
      const ledger = ledgerOf(await waitForDeliveries(stage, cast, welcome.id));
      expect.equal('welcome: the equation is off by', balance(ledger), 0);
      expect.equal('welcome: open', ledger.open, 0);
      return ledger;
    },
    (ledger) => `the welcome ended by itself, nothing can come back: ${ledgerLine(ledger)}`,
  );
}
