import { duplicatesIn } from './measure/mail-log.js';
import { type SilenceReport } from './measure/silence.js';
import { ledgerLine, percentileLine } from './lines.js';
import { type Report } from './report.js';
import { type Cast, type Stage } from './stage.js';
import { welcomeEnded, welcomePeople, type Welcomed } from './tell-welcome.js';
import { balance, follow, ledgerOf, progressOf, startCampaign } from './steps/campaigns.js';
import { findContact } from './steps/call.js';
import { tamper } from './steps/certificate.js';
import { promisesBroken } from './steps/check.js';
import { comeLate, importReturning } from './steps/fence.js';
import { Mailbox } from './steps/mailbox.js';
import { measureSilence, optPeopleOut, scanLinks } from './steps/opt-outs.js';
import { answerByMail } from './steps/replies.js';
import { fetchPackage, workRequest } from './steps/requests.js';
import { correct } from './steps/correction.js';
import { signUpAgain } from './steps/comes-back.js';
import { holdAndRelease } from './steps/hold.js';
import { askInAnothersName } from './steps/review.js';
import { restrictAndLift } from './steps/restriction.js';
import { showTrace, traced } from './steps/trace.js';
import { optOutWithoutSignals } from './steps/without-signals.js';

const RATE_PER_SECOND = 400;
/** messaging is killed once this share of the campaign has ended: in the middle, with people still being opted out. */
const KILL_AT = 0.5;

type Figures = Omit<Report, 'ok' | 'failures' | 'startedInMs' | 'storyMs'>;

/** Steps 2 to 9, in order; each line says what was counted. */
export async function tell(stage: Stage, cast: Cast): Promise<Figures> {
  const { mail } = stage.cluster.run;
  if (!mail)
    throw new Error(
      'the story reads the mail that arrives: it needs the local mail server (unset HEED_SMTP_URL)',
    );
  const mailbox = new Mailbox(mail.httpUrl, mail.eventLog);

  const welcomed = await welcomePeople(stage, cast, mailbox);
  const campaign = await optOutMeanwhile(stage, cast, welcomed, mailbox);
  const silence = await measured(stage, cast, { ...campaign, listId: welcomed.listId }, mailbox);
  stage.steps.heading('Two people ask');
  const asked = await twoPeopleAsk(stage, cast, welcomed);
  stage.steps.heading('Attempts to bring the person back');
  const returned = await bringBack(stage, cast, welcomed, asked.erasure, mailbox);
  const welcomeLedger = await welcomeEnded(stage, cast, welcomed);
  await stage.steps.run(
    'heed check',
    () => promisesBroken(stage),
    (rules) => `${rules} promises looked for in the databases, none broken`,
  );

  return {
    parts: partsOf(stage),
    memoryMb: {},
    import: welcomed.imported.figures,
    ledger: campaign.ledger,
    welcomeLedger,
    bounces: welcomed.bounces,
    ...silence,
    scannerChanges: campaign.scannerChanges,
    requests: [asked.erasure.figures, asked.access.figures],
    restriction: asked.restriction,
    correction: asked.correction,
    review: asked.review,
    hold: asked.hold,
    fence: { refused: returned.refused },
    comesBack: returned.comesBack,
    logKey: returned.vkey,
  };
}

type Campaign = Awaited<ReturnType<typeof optOutMeanwhile>>;
type Erasure = Awaited<ReturnType<typeof twoPeopleAsk>>['erasure'];

/** A campaign to all. While it runs people are opted out, a scanner follows links, and messaging is killed. */
async function optOutMeanwhile(stage: Stage, cast: Cast, told: Welcomed, mailbox: Mailbox) {
  const { cluster, steps, expect, options } = stage;
  const { manager, agent } = cast;
  const { listId, welcome } = told;
  const main = await steps.run(
    'campaign',
    () =>
      startCampaign(manager, {
        name: 'Spring letter',
        subject: 'Spring is here, {{ first_name | default: "friend" }}',
        text: 'Dear {{ first_name | default: "friend" }} {{ last_name }}, these are the news of spring.',
        listId,
        ratePerSecond: RATE_PER_SECOND,
        limit: 0,
      }),
    () => `to the whole list, ${RATE_PER_SECOND} a second at most`,
  );
  await follow(manager, main, (campaign) => Number(campaign.ledger?.sent ?? 0n) > 0);
  const spared = new Set([
    await findContact(agent, told.erased.email),
    await findContact(agent, told.copied.email),
    ...[...told.bouncing.refused, ...told.bouncing.returned].map(({ contactId }) => contactId),
  ]);
  const answers = await steps.run(
    'replies',
    () => answerByMail(stage, cast, welcome.id, mailbox, spared),
    ({ said: no, thanked, recorded }) =>
      `${no.length} answered by SMTP "please stop writing to me" in five languages, ${recorded} recorded as opt-outs; ` +
      `${thanked.length} answered "do not stop": none`,
  );
  for (const contactId of [...answers.said, ...answers.thanked]) spared.add(contactId);
  const optingOut = steps.run(
    'opt-outs',
    () => optPeopleOut(stage, cast, { welcome: welcome.id, main }, mailbox, spared),
    (ids) => `${ids.length} people said no while the campaign ran`,
  );
  // Some of those whose mail came back have said no by a key, when they were called.
  const byKey = told.bouncing.pressing.map(({ contactId }) => contactId);
  const scan = await steps.run(
    'scanner',
    () =>
      scanLinks(stage, cast, welcome.id, mailbox, async () => [
        ...[...byKey, ...answers.said],
        ...(await optingOut),
      ]),
    ({ scanned, changes }) => `GET of ${scanned} links, ${changes} changes`,
  );
  await steps.run(
    'kill',
    async () => {
      const reached = await follow(manager, main, (campaign) => progressOf(campaign) >= KILL_AT);
      await cluster.kill('messaging');
      await cluster.revive('messaging');
      return progressOf(reached);
    },
    (at) => `messaging: SIGKILL at ${Math.round(at * 100)}% of the campaign, and started again`,
  );
  const said = [...answers.said, ...(await optingOut)];
  const ledger = await steps.run(
    'ledger',
    async () => ledgerOf(await follow(manager, main)),
    (figures) => ledgerLine(figures),
  );
  expect.equal('ledger: the equation is off by', balance(ledger), 0);
  expect.equal('ledger: open', ledger.open, 0);
  expect.equal('scanner: changes', scan.changes, 0);
  expect.that(
    (ledger.skipped['no_consent'] ?? 0) > 0 || Boolean(options.contacts),
    'ledger: nobody without consent',
  );
  return { main, said, ledger, spared, scannerChanges: scan.changes };
}

/** When the last attempt began after somebody had said no, by the mail server's own account. */
async function measured(
  stage: Stage,
  cast: Cast,
  { main, said, spared, listId }: Campaign & { listId: string },
  mailbox: Mailbox,
) {
  const { steps, expect } = stage;
  const optOuts = await steps.run(
    'silence',
    () => measureSilence(stage, cast.tenantId, main, said, mailbox),
    ({ raced, alreadyMailed, silenceMs, attemptsAfter }) =>
      `${raced} raced, ${alreadyMailed} were mailed before; commit to last attempt begun ${percentileLine(silenceMs)}; ` +
      `${attemptsAfter} after one permit lifetime`,
  );
  expect.equal('opt-outs: counted', optOuts.count, said.length);
  expect.equal('opt-outs: attempts after one permit lifetime', optOuts.attemptsAfter, 0);
  const withoutSignals = await steps.run(
    'no signals',
    () => {
      const done = new Set([...spared, ...said]);
      return optOutWithoutSignals(stage, cast, mailbox, {
        listId,
        ratePerSecond: RATE_PER_SECOND,
        spared: done,
      });
    },
    (once) => (once === undefined ? 'not tried: NATS is not ours to end' : besides(once, optOuts)),
  );
  const duplicates = duplicatesIn(await mailbox.log()).length;
  expect.equal('mail server: intents held twice', duplicates, 0);
  return { optOuts, ...(withoutSignals && { withoutSignals }), duplicates };
}

/** Both ways side by side. */
function besides(cut: SilenceReport, told: SilenceReport): string {
  const ms = ({ silenceMs: { p50, p99, max } }: SilenceReport): string =>
    `p50 ${p50.toFixed(1)} p99 ${p99.toFixed(1)} max ${max.toFixed(1)} ms`;
  return `NATS ended, ${cut.raced} raced: ${ms(cut)}, never over 1 s: ${cut.attemptsAfter} later; with signals ${ms(told)}`;
}

async function twoPeopleAsk(stage: Stage, cast: Cast, { erased, copied }: Welcomed) {
  const { steps } = stage;
  const { officer } = cast;
  const erasure = await steps.run(
    'erasure',
    () => traced(() => workRequest(stage, officer, 'erasure', erased)),
    ({ figures }) =>
      `${figures.stores} stores, ${figures.receipts} receipts, ${figures.probes} probes; certificate`,
  );
  await showTrace(stage, erasure.traceId);
  const access = await steps.run(
    'access',
    async () => {
      const worked = await workRequest(stage, officer, 'access', copied);
      return { ...worked, copy: await fetchPackage(stage, officer, worked.request.requestId, copied) };
    },
    ({ copy }) =>
      Object.entries(copy.files)
        .map(([name, bytes]) => `${name} ${bytes} B`)
        .join(', '),
  );
  const restriction = await steps.run(
    'restriction',
    () => restrictAndLift(stage, cast, copied),
    ({ restricted, restrictedMs, denied, liftedMs }) =>
      `${restricted} stores restricted in ${restrictedMs} ms, writing denied (${denied}); ` +
      `told by telephone, lifted in ${liftedMs} ms, writing allowed`,
  );
  const correction = await steps.run(
    'correction',
    () => correct(stage, cast, copied),
    ({ corrected, retained, ms }) =>
      `of a name and an address: ${corrected} stores corrected in ${ms} ms, ${retained} rightly say what was so`,
  );
  const review = await steps.run(
    'review',
    () => askInAnothersName(stage, cast, correction.contactId),
    ({ denied }) =>
      `an erasure that nobody can be shown to have asked for: waits, writing denied (${denied}); refused, writing allowed`,
  );
  const hold = await steps.run(
    'hold',
    () => holdAndRelease(stage, cast, correction.contactId),
    ({ denied, erasedMs }) =>
      `for a matter at law: their erasure waited, writing denied (${denied}); released, erased in ${erasedMs} ms`,
  );
  return { erasure, access, restriction, correction, review, hold };
}

/** By a file, by an event that is late, by a row; and to pass a forged certificate. In the end they come by themselves. */
async function bringBack(
  stage: Stage,
  cast: Cast,
  { listId, erased }: Welcomed,
  erasure: Erasure,
  mailbox: Mailbox,
) {
  const { steps } = stage;
  await steps.run(
    'return',
    () => importReturning(stage, cast, listId, erased),
    (suppressed) => `a file with them in it: no row, ${suppressed} suppressed`,
  );
  const refused = await steps.run(
    'fence',
    () => comeLate(stage, cast, erasure.request.subjectId),
    (count) => `a late event and a late INSERT: ${count} refused_erased, nothing parked`,
  );
  const { vkey } = await cast.officer.log.getCheckpoint({});
  await steps.run(
    'certificate',
    () => tamper(stage, erasure.figures.certificate, vkey),
    ({ bytes, refused: changes }) =>
      `verifies offline; ${changes} changes of ${bytes} bytes refused; forged refused`,
  );
  const comesBack = await steps.run(
    'comes back',
    () => signUpAgain(stage, cast, mailbox, { listId, person: erased, erasedId: erasure.request.subjectId }),
    ({ ms }) => `by a form and the link of its mail, in ${ms} ms: somebody new, who may be written to`,
  );
  return { refused, vkey, comesBack };
}

function partsOf({ cluster }: Stage): Report['parts'] {
  const of = (name: keyof Report['parts']): { kind: string; version: string } => {
    const { kind, version } = cluster.run.parts[name];
    return { kind, version };
  };
  return {
    postgres: of('postgres'),
    kafka: of('kafka'),
    nats: of('nats'),
    objects: of('objects'),
    smtp: of('smtp'),
  };
}
