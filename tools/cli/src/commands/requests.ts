import { Option, type Command } from 'commander';
import { type HeedClient } from '@heed/client';
import { datarightsV1, privacyV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { withExample } from '../help.js';
import { collectCorrection } from './requests-correct.js';
import { addRequestsDecide } from './requests-decide.js';
import { addRequestsErase } from './requests-erase.js';
import { addRequestsRead, outcomeWord, summary } from './requests-read.js';
import { addRequestsReview } from './requests-review.js';
import { VERIFIED_OR_NOT } from './requests-verified.js';

const RIGHTS = {
  erasure: privacyV1.Right.RIGHT_ERASURE,
  access: privacyV1.Right.RIGHT_ACCESS,
  restriction: privacyV1.Right.RIGHT_RESTRICTION,
  lift: privacyV1.Right.RIGHT_LIFT,
  correction: privacyV1.Right.RIGHT_CORRECTION,
};
const TOLD = ['letter', 'phone_call', 'in_person'];
const FOLLOW_MS = 3600 * 1000;

interface CreateOptions {
  right: keyof typeof RIGHTS;
  contact?: string;
  member?: string;
  email?: string;
  phone?: string;
  verified: string;
  objects?: boolean;
  withoutSuppression?: boolean;
  replyTo?: string;
  informed?: string;
  set?: datarightsV1.Correction[];
  watch?: boolean;
}

export function addRequests(heed: Command, context: Context): void {
  const requests = heed.command('requests').description('Data-subject requests');
  withExample(requests, 'heed requests list --state fanned_out');
  addCreate(requests, context);
  addRequestsErase(requests, context);
  const watch = requests
    .command('watch <request-id>')
    .description('Shows each store as it answers, until the request has ended.');
  withExample(watch, 'heed requests watch 0199...').action((requestId: string) => follow(requestId, context));
  addRequestsReview(requests, context);
  addRequestsDecide(requests, context);
  addRequestsRead(requests, context);
}

function addCreate(requests: Command, context: Context): void {
  const command = requests
    .command('create')
    .description(
      'Takes a request of someone whose identity was verified. Where it erases or restricts, contact stops first.',
    )
    .addOption(
      new Option('--right <right>', 'what is asked for').choices(Object.keys(RIGHTS)).makeOptionMandatory(),
    )
    .addOption(
      new Option('--verified <how>', 'how identity was verified; none: not yet')
        .choices(VERIFIED_OR_NOT)
        .makeOptionMandatory(),
    )
    .option('--contact <contact-id>', 'the person, where the id is known')
    .option('--member <member-id>', 'the person, where they are a member and no contact')
    .option('--email <address>', 'find the person by address')
    .option('--phone <number>', 'find the person by number')
    .option('--reply-to <address>', 'mail them that it was taken, and when it is done')
    .addOption(
      new Option('--informed <how>', 'lift: how the person was told already, in place of --reply-to').choices(
        TOLD,
      ),
    )
    .option(
      '--set <field=value>',
      'correction: what it should say; an address with the endpoint that it takes the place of, phone@0199...=+44...',
      collectCorrection,
    )
    .option('--objects', 'the person also objects to being contacted')
    .option('--without-suppression', 'erasure: leave no hash of their addresses: a list may bring them back')
    .option('--watch', 'follow it to its end');
  withExample(
    command,
    'heed requests create --right erasure --email a@example.org --verified email_code --objects --watch',
    'heed requests create --right restriction --contact 0199... --verified document --reply-to a@example.org',
    'heed requests create --right correction --contact 0199... --verified document --set first_name=Ana --set email=ana@example.org',
    'heed requests create --right lift --contact 0199... --verified document --informed letter',
  ).action(async (options: CreateOptions) => {
    const { request } = await context.asMember((client) => create(client, options));
    if (options.watch) await follow(request!.requestId, context);
    else context.output.record(summary(request!));
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
    withoutSuppression: options.withoutSuppression ?? false,
    replyTo: options.replyTo ?? '',
    informed: options.informed ?? '',
    corrections: options.set ?? [],
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
  const lines: string[] = [];
  const unspecified = datarightsV1.StoreOutcome.STORE_OUTCOME_UNSPECIFIED;
  if (store.outcome !== unspecified)
    lines.push(`${store.store}: ${outcomeWord(store.outcome)} (${store.count})`);
  if (store.probe !== unspecified) lines.push(`${store.store}: probe says ${outcomeWord(store.probe)}`);
  return lines;
}
