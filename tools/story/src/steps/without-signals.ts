import { type SilenceReport } from '../measure/silence.js';
import { type Cast, type Stage } from '../stage.js';
import { follow, startCampaign } from './campaigns.js';
import { type Mailbox } from './mailbox.js';
import { measureSilence, sayNoMeanwhile } from './opt-outs.js';

/** So many are written to with the signals cut, and so many of them say no. */
const AUDIENCE = 2_000;
const SAYING_NO = 100;

/**
 * The same once more with NATS ended: nothing tells senders of an opt-out but the age of their permits. Undefined where the
 * server is not ours to end.
 */
export async function optOutWithoutSignals(
  stage: Stage,
  cast: Cast,
  mailbox: Mailbox,
  { listId, ratePerSecond, spared }: { listId: string; ratePerSecond: number; spared: ReadonlySet<string> },
): Promise<SilenceReport | undefined> {
  const { cluster, expect, options } = stage;
  const { nats } = cluster.parts;
  if (!nats.cut || !nats.mend) return undefined;
  await nats.cut();
  try {
    const campaign = await startCampaign(cast.manager, {
      name: 'Postscript',
      subject: 'One more thing, {{ first_name | default: "friend" }}',
      text: 'Dear {{ first_name | default: "friend" }}, we forgot to say that the garden is open on Sundays.',
      ...{ listId, ratePerSecond, limit: Math.min(AUDIENCE, options.size) },
    });
    await follow(cast.manager, campaign, ({ ledger }) => Number(ledger?.sent ?? 0n) > 0);
    const count = Math.max(3, Math.floor((SAYING_NO * Math.min(10_000, options.size)) / 10_000));
    const said = await sayNoMeanwhile(cast, campaign, count, new Set(spared));
    await follow(cast.manager, campaign);
    const silence = await measureSilence(stage, cast.tenantId, campaign, said, mailbox);
    expect.equal('without signals: attempts after one permit lifetime', silence.attemptsAfter, 0);
    return silence;
  } finally {
    await nats.mend();
  }
}
