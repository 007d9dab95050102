import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { signIn } from '@heed/client';
import { isDomainError } from '@heed/kernel';
import { endpointsOf, type Cluster, type Steps } from '@heed/launcher';
import { type Report } from './report.js';
import { percentileLine } from './lines.js';

/** Step 10: the figures, where everything is, and what to try next, with a token that works. */
export async function tellSummary(told: {
  cluster: Cluster;
  steps: Steps;
  report: Report;
  slug: string;
}): Promise<void> {
  const { cluster, steps, report, slug } = told;
  const { run } = cluster;
  report.memoryMb = await cluster.memory();
  steps.heading('What happened');
  steps.say(`imported   ${report.import.accepted} of ${report.import.rows} rows in ${report.import.ms} ms`);
  steps.say(`sent       ${report.ledger.sent} of ${report.ledger.audience}, ${report.duplicates} twice`);
  steps.say(
    `opted out  ${report.optOuts.count}, ${report.optOuts.raced} raced: ${percentileLine(report.optOuts.silenceMs)}`,
  );
  if (report.withoutSignals) {
    steps.say(
      `no signals ${report.withoutSignals.count}, ${report.withoutSignals.raced} raced: ` +
        percentileLine(report.withoutSignals.silenceMs),
    );
  }
  for (const { right, state, ms, certificate } of report.requests) {
    steps.say(`${right.padEnd(10)} ${state} in ${ms} ms: ${certificate}`);
  }
  steps.say(
    `memory     ${Object.entries(report.memoryMb)
      .map(([name, mb]) => `${name} ${Math.round(mb)} MB`)
      .join(', ')}`,
  );

  steps.heading('Where everything is');
  for (const [name, { grpc, http, pid, log }] of Object.entries(run.services)) {
    steps.say(
      `${name.padEnd(10)} ${grpc.replace('dns:///', '')}${http ? ` ${http}` : ''}  pid ${pid}  ${log}`,
    );
  }
  steps.say(`bus        ${run.bus.kind} ${run.bus.brokers.join(',')}`);
  if (run.mail) steps.say(`mail       ${run.mail.httpUrl}`);
  steps.say(`members    ${membersFile(cluster, slug)}`);
  steps.say(`log key    ${report.logKey}`);

  const officer = await signInAs(cluster, slug, 'otto.officer');
  const privacy = run.services.privacy.grpc.replace('dns:///', '');
  const [erasure] = report.requests;
  steps.heading('What to try next');
  if (officer === undefined) {
    // After a restore nobody signs in before somebody asks for the resync, for which the services must stay up.
    steps.say(
      'identity lets nobody in: npx heed doctor says why. Was a database put back? npx heed resync all',
    );
    return;
  }
  steps.say('docs/api.md and docs/operating.md go on from here. A token of otto.officer, for ten minutes:');
  steps.say(`TOKEN=${officer}`);
  steps.say(
    `grpcurl -plaintext -H "authorization: Bearer $TOKEN" -d '{"page_size": 5}' ${privacy} heed.privacy.v1.RequestsService/ListRequests`,
  );
  steps.say('HEED_TOKEN=$TOKEN npx heed contacts search --limit 5');
  if (erasure) {
    steps.say(`npx heed trace ${erasure.requestId}`);
    steps.say(`npx heed certificate verify ${erasure.certificate} --key '${report.logKey}'`);
  }
  steps.say('npx heed events tail --from beginning --limit 5');
  steps.say('npx heed doctor');
  steps.say('npx heed check');
}

function membersFile({ dataDir }: Cluster, slug: string): string {
  return join(dataDir, 'story', slug, 'members.txt');
}

/** A fresh token of one of the story's members; none where identity does not answer. */
async function signInAs(cluster: Cluster, slug: string, who: string): Promise<string | undefined> {
  const line = readFileSync(membersFile(cluster, slug), 'utf8')
    .split('\n')
    .find((candidate) => candidate.startsWith(who));
  const [email = '', password = ''] = (line ?? '').split(' ');
  try {
    const session = await signIn(endpointsOf(cluster.run), { tenant: slug, email, password });
    return session.accessToken;
  } catch (error) {
    if (isDomainError(error) && error.kind === 'unavailable') return undefined;
    throw error;
  }
}
