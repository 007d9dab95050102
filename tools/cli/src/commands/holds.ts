import { Option, type Command } from 'commander';
import { datarightsV1, privacyV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { type Context } from '../context.js';
import { withExample } from '../help.js';
import { LIMIT, upTo } from '../paging.js';
import { moment } from '../span.js';
import { time } from '../words.js';
import { outcomeWord } from './requests-read.js';

const GROUNDS = ['legal_claims', 'legal_obligation', 'authority', 'investigation'];
const { SubjectKind } = datarightsV1;

interface PlaceOptions {
  contact?: string;
  member?: string;
  ground: string;
  matter: string;
  until?: string;
  withoutTelling?: boolean;
}

interface ListOptions {
  subject?: string;
  matter?: string;
  released?: boolean;
  limit: number;
}

export function addHolds(heed: Command, context: Context): void {
  const holds = heed.command('holds').description('What is kept from erasure while a matter goes on.');
  withExample(holds, 'heed holds list');
  addPlace(holds, context);
  addRelease(holds, context);
  addRead(holds, context);
}

function addPlace(holds: Command, context: Context): void {
  const place = holds
    .command('place')
    .description(
      'Keeps what is held of somebody from erasure. Shows which stores it comes too late for, if one is under way.',
    )
    .option('--contact <contact-id>', 'who is held')
    .option('--member <member-id>', 'who is held, where it is a member')
    .addOption(new Option('--ground <ground>', 'why').choices(GROUNDS).makeOptionMandatory())
    .requiredOption('--matter <code>', 'the name of its file, which names nobody')
    .option('--until <time>', 'when it ends by itself', moment)
    .option(
      '--without-telling',
      'its matter forbids to tell the person: whoever asked for an erasure is not mailed',
    );
  withExample(place, 'heed holds place --contact 0199... --ground legal_claims --matter 2026/17').action(
    async ({ contact, member, ground, matter, until, withoutTelling }: PlaceOptions) => {
      const { hold } = await context.asMember((client) =>
        client.holds.placeHold({
          ...{ requestId: newId(), subjectId: contact ?? member ?? '', ground, matter, until: until ?? '' },
          withoutTelling: withoutTelling ?? false,
          subjectKind: contact ? SubjectKind.SUBJECT_KIND_CONTACT : SubjectKind.SUBJECT_KIND_MEMBER,
        }),
      );
      show(context, hold!);
    },
  );
}

function addRelease(holds: Command, context: Context): void {
  const release = holds
    .command('release <hold-id>')
    .description(
      'Ends a hold. An erasure that waited for it goes on by itself, unless another hold keeps it.',
    );
  withExample(release, 'heed holds release 0199...').action(async (holdId: string) => {
    const { hold } = await context.asMember((client) => client.holds.releaseHold({ holdId }));
    show(context, hold!);
  });
}

function addRead(holds: Command, context: Context): void {
  const list = holds
    .command('list')
    .description('Holds, newest first.')
    .option('--subject <subject-id>', 'only those on this contact or member')
    .option('--matter <code>', 'only those of this matter')
    .option('--released', 'those that have ended, too')
    .option(...LIMIT);
  withExample(list, 'heed holds list --matter 2026/17').action(async (asked: ListOptions) => {
    const filter = {
      ...{ subjectId: asked.subject ?? '', matter: asked.matter ?? '' },
      includeReleased: asked.released ?? false,
    };
    const found = await context.asMember((client) =>
      upTo(asked.limit, async (page) => {
        const answer = await client.holds.listHolds(
          privacyV1.ListHoldsRequest.fromPartial({ ...page, ...filter }),
        );
        return { rows: answer.holds, next: answer.nextPageToken };
      }),
    );
    context.output.list(found, {
      json: privacyV1.Hold.toJSON,
      row: (hold) => ({
        ...{ hold: hold.holdId, subject: hold.subjectId, ground: hold.ground, matter: hold.matter },
        ...{ placed: time(hold.placedAt), until: time(hold.until), released: time(hold.releasedAt) },
      }),
      columns: ['hold', 'subject', 'ground', 'matter', 'placed', 'until', 'released'],
    });
  });
  const one = holds.command('show <hold-id>').description('One hold, with what it came too late for.');
  withExample(one, 'heed holds show 0199...').action(async (holdId: string) => {
    const { hold } = await context.asMember((client) => client.holds.getHold({ holdId }));
    show(context, hold!);
  });
}

function show({ output }: Context, hold: privacyV1.Hold): void {
  if (output.isJson) return output.record(privacyV1.Hold.toJSON(hold) as object);
  const { tooLate, ...rest } = hold;
  output.record(rest);
  if (tooLate.length === 0) return;
  output.note('too late for:');
  output.table(
    tooLate.map(({ service, store, outcome }) => ({
      ...{ service, store, answer: outcomeWord(outcome) || '(ordered, has not answered)' },
    })),
    ['service', 'store', 'answer'],
  );
}
