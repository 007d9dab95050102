import { Option, type Command } from 'commander';
import { createWriteStream, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type HeedClient } from '@heed/client';
import { datarightsV1, privacyV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';

const RIGHTS = { erasure: privacyV1.Right.RIGHT_ERASURE, access: privacyV1.Right.RIGHT_ACCESS };
const FOLLOW_MS = 3600 * 1000;

interface CreateOptions {
  right: keyof typeof RIGHTS;
  contact?: string;
  member?: string;
  email?: string;
  phone?: string;
  verified: string;
  objects?: boolean;
  watch?: boolean;
}

export function addRequests(heed: Command, context: Context): void {
  const requests = heed.command('requests').description('Data-subject requests');
  requests
    .command('create')
    .description('Takes a request of someone whose identity was verified. Contact stops before the answer.')
    .addOption(new Option('--right <right>').choices(Object.keys(RIGHTS)).makeOptionMandatory())
    .addOption(
      new Option('--verified <how>', 'how identity was verified')
        .choices(['email_code', 'phone_code', 'document', 'known_to_agent'])
        .makeOptionMandatory(),
    )
    .option('--contact <contact-id>')
    .option('--member <member-id>')
    .option('--email <address>', 'find the person by address')
    .option('--phone <number>', 'find the person by number')
    .option('--objects', 'the person also objects: their addresses stay suppressed')
    .option('--watch', 'follow it to its end')
    .addHelpText(
      'after',
      '\nExample: heed requests create --right erasure --email a@example.org --verified email_code --objects --watch',
    )
    .action(async (options: CreateOptions) => {
      const { request } = await context.asMember((client) => create(client, options));
      if (options.watch) await follow(request!.requestId, context);
      else context.output.record(summary(request!));
    });
  requests
    .command('watch <request-id>')
    .description('Shows each store as it answers, until the request has ended.')
    .action((requestId: string) => follow(requestId, context));
  requests
    .command('package <request-id>')
    .description('Fetches the access package of a completed request. The read is recorded.')
    .requiredOption('--into <folder>', 'where to write data.json, data.html and attachments')
    .action(async (requestId: string, { into }: { into: string }) => {
      const files = await context.asMember((client) => fetchPackage(client, requestId, into));
      context.output.table(files, ['file', 'bytes']);
    });
}

function create(client: HeedClient, options: CreateOptions): Promise<privacyV1.CreateRequestResponse> {
  return client.requests.createRequest({
    requestId: newId(),
    right: RIGHTS[options.right],
    subjectId: options.contact ?? options.member ?? '',
    subjectKind: options.member
      ? datarightsV1.SubjectKind.SUBJECT_KIND_MEMBER
      : datarightsV1.SubjectKind.SUBJECT_KIND_CONTACT,
    email: options.email ?? '',
    phone: options.phone ?? '',
    verification: options.verified,
    objects: options.objects ?? false,
  });
}

async function follow(requestId: string, context: Context): Promise<void> {
  const { output } = context;
  const seen = new Set<string>();
  const last = await context.asMember(async (client) => {
    let now: privacyV1.Request | undefined;
    for await (const { request } of client.requests.watchRequest({ requestId }, { timeoutMs: FOLLOW_MS })) {
      now = request;
      for (const store of request?.stores ?? []) {
        for (const line of linesOf(store)) {
          if (seen.has(line)) continue;
          seen.add(line);
          output.text(line);
        }
      }
    }
    return now;
  });
  if (last) output.record(summary(last));
  if (last?.state !== privacyV1.RequestState.REQUEST_STATE_COMPLETED) process.exitCode = EXIT.REFUSED;
}

function linesOf(store: privacyV1.StoreState): string[] {
  const said = (outcome: datarightsV1.StoreOutcome): string =>
    datarightsV1.storeOutcomeToJSON(outcome).replace('STORE_OUTCOME_', '').toLowerCase();
  const lines: string[] = [];
  const unspecified = datarightsV1.StoreOutcome.STORE_OUTCOME_UNSPECIFIED;
  if (store.outcome !== unspecified) lines.push(`${store.store}: ${said(store.outcome)} (${store.count})`);
  if (store.probe !== unspecified) lines.push(`${store.store}: ${said(store.probe)}`);
  return lines;
}

function summary(request: privacyV1.Request): object {
  const { stores, ...rest } = privacyV1.Request.toJSON(request) as { stores?: unknown[] };
  return { ...rest, stores_answered: stores?.length ?? 0 };
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
