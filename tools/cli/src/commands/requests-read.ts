import { Option, type Command } from 'commander';
import { createWriteStream, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type HeedClient } from '@heed/client';
import { datarightsV1, privacyV1 } from '@heed/contracts';
import { type Context } from '../context.js';
import { withExample } from '../help.js';
import { LIMIT, upTo } from '../paging.js';
import { moment, withSpan, type Span } from '../span.js';
import { choicesOf, time, word } from '../words.js';

const STATES = choicesOf('REQUEST_STATE', privacyV1.RequestState);
const RIGHTS = choicesOf('RIGHT', privacyV1.Right);

interface ListOptions extends Span {
  state?: string;
  right?: string;
  subject?: string;
  dueBefore?: string;
  needsPerson?: boolean;
  limit: number;
}

export function addRequestsRead(requests: Command, context: Context): void {
  addList(requests, context);
  addShow(requests, context);
  const fetch = requests
    .command('package <request-id>')
    .description('Fetches the access package of a completed request. The read is recorded.')
    .requiredOption('--into <folder>', 'where to write data.json, data.html and attachments');
  withExample(fetch, 'heed requests package 0199... --into ./package').action(
    async (requestId: string, { into }: { into: string }) => {
      const files = await context.asMember((client) => fetchPackage(client, requestId, into));
      context.output.table(files, ['file', 'bytes']);
    },
  );
}

function addList(requests: Command, context: Context): void {
  const list = requests
    .command('list')
    .description('Requests, newest first.')
    .addOption(new Option('--state <state>', 'only those in this state').choices([...STATES.keys()]))
    .addOption(new Option('--right <right>', 'only those for this').choices([...RIGHTS.keys()]))
    .option('--subject <subject-id>', 'only those about this contact or member')
    .option('--due-before <time>', 'only those due before this time', moment)
    .option('--needs-person', 'only open ones that wait for a decision')
    .option(...LIMIT);
  withExample(
    withSpan(list, 'those received'),
    'heed requests list --state needs_attention',
    'heed requests list --state fanned_out --due-before 2026-12-01',
    'heed requests list --needs-person',
  ).action(async ({ limit, ...asked }: ListOptions) => {
    const filter = {
      ...{ state: STATES.get(asked.state ?? ''), right: RIGHTS.get(asked.right ?? '') },
      ...{ subjectId: asked.subject, dueBefore: asked.dueBefore },
      needsPerson: asked.needsPerson ?? false,
      ...{ receivedAfter: asked.since, receivedBefore: asked.until },
    };
    const found = await context.asMember((client) =>
      upTo(limit, async (page) => {
        const answer = await client.requests.listRequests(
          privacyV1.ListRequestsRequest.fromPartial({ ...page, ...filter }),
        );
        return { rows: answer.requests, next: answer.nextPageToken };
      }),
    );
    context.output.list(found, {
      json: privacyV1.Request.toJSON,
      row: shortOf,
      columns: ['request', 'right', 'state', 'subject', 'received', 'due', 'closed'],
    });
  });
}

function addShow(requests: Command, context: Context): void {
  const show = requests
    .command('show <request-id>')
    .description('One request with what each store has answered, and what its probe found.')
    .option('--silent', 'only stores that have not answered yet');
  withExample(show, 'heed requests show 0199...', 'heed requests show 0199... --silent').action(
    async (requestId: string, { silent }: { silent?: boolean }) => {
      const { request } = await context.asMember((client) => client.requests.getRequest({ requestId }));
      const { output } = context;
      if (output.isJson) {
        output.record(privacyV1.Request.toJSON(request!) as object);
        return;
      }
      output.record(summary(request!));
      output.gap();
      const stores = request!.stores.filter((store) => !silent || isSilent(store));
      output.table(stores.map(storeRow), [
        'service',
        'store',
        'answer',
        'count',
        'detail',
        'at',
        'probe',
        'asked',
      ]);
    },
  );
}

const isSilent = ({ outcome }: privacyV1.StoreState): boolean =>
  outcome === datarightsV1.StoreOutcome.STORE_OUTCOME_UNSPECIFIED;

function storeRow(store: privacyV1.StoreState): object {
  return {
    service: store.service,
    store: store.store,
    answer: outcomeWord(store.outcome) || '(silent)',
    count: store.count,
    detail: store.detail,
    at: time(store.answeredAt),
    asked: store.timesAsked ? `${store.timesAsked}x since ${time(store.askedAt)}` : '',
    probe: outcomeWord(store.probe),
  };
}

function shortOf(request: privacyV1.Request): object {
  return {
    request: request.requestId,
    right: word('RIGHT', privacyV1.rightToJSON(request.right)),
    state: word('REQUEST_STATE', privacyV1.requestStateToJSON(request.state)),
    subject: request.subjectId,
    received: time(request.receivedAt),
    due: time(request.dueAt),
    closed: time(request.closedAt),
  };
}

export function outcomeWord(outcome: datarightsV1.StoreOutcome): string {
  return word('STORE_OUTCOME', datarightsV1.storeOutcomeToJSON(outcome));
}

export function summary(request: privacyV1.Request): object {
  const { stores: _stores, ...rest } = privacyV1.Request.toJSON(request) as { stores?: unknown[] };
  const answered = request.stores.filter(
    ({ outcome }) => outcome !== datarightsV1.StoreOutcome.STORE_OUTCOME_UNSPECIFIED,
  );
  return { ...rest, stores_answered: answered.length };
}

async function fetchPackage(
  client: HeedClient,
  requestId: string,
  folder: string,
): Promise<{ file: string; bytes: number }[]> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const sizes = new Map<string, number>();
  let open: { name: string; stream: ReturnType<typeof createWriteStream> } | undefined;
  for await (const { name, chunk } of client.requests.streamAccessPackage({ requestId })) {
    if (open?.name !== name) {
      open?.stream.end();
      // Names come from a service; only the last part may decide where a file goes.
      open = { name, stream: createWriteStream(join(folder, basename(name)), { mode: 0o600 }) };
    }
    open.stream.write(chunk);
    sizes.set(name, (sizes.get(name) ?? 0) + chunk.length);
  }
  const last = open?.stream;
  if (last) await new Promise<void>((resolve) => last.end(resolve));
  return [...sizes].map(([name, bytes]) => ({ file: join(folder, basename(name)), bytes }));
}
