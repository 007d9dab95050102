import { Option, type Command } from 'commander';
import { messagingV1, telephonyV1 } from '@heed/contracts';
import { isDomainError, newId } from '@heed/kernel';
import { type HeedClient } from '@heed/client';
import { type Context } from '../context.js';
import { withExample } from '../help.js';
import { LIMIT, upTo } from '../paging.js';
import { time } from '../words.js';

const MEANT = {
  'opt-out': [
    messagingV1.ReplyDecision.REPLY_DECISION_OPT_OUT,
    telephonyV1.SpokenDecision.SPOKEN_DECISION_OPT_OUT,
  ],
  'something-else': [
    messagingV1.ReplyDecision.REPLY_DECISION_NOT_AN_OPT_OUT,
    telephonyV1.SpokenDecision.SPOKEN_DECISION_NOT_AN_OPT_OUT,
  ],
} as const;

interface Doubt {
  id: string;
  contact: string;
  heard: 'mail' | 'call';
  at: string;
  decideBy: string;
}

export function addDoubts(heed: Command, context: Context): void {
  const doubts = heed
    .command('doubts')
    .description('Answers by mail and words in calls that may be a no. Nobody contacts them meanwhile.');
  withExample(doubts, 'heed doubts list');
  addList(doubts, context);
  addReveal(doubts, context);
  addDecide(doubts, context);
}

function addList(doubts: Command, context: Context): void {
  const list = doubts
    .command('list')
    .description(
      'Those that wait for a decision, oldest first: of mails, then of calls. Undecided they become a no.',
    )
    .option('--contact <contact-id>', 'only those of this contact')
    .option(...LIMIT);
  withExample(list, 'heed doubts list --contact 0199...').action(
    async ({ contact = '', limit }: { contact?: string; limit: number }) => {
      const found = await context.asMember(async (client) => {
        const written = await upTo(limit, async (page) => {
          const answer = await client.replies.listReplies({ ...page, contactId: contact });
          return { rows: answer.replies.map(ofMail), next: answer.nextPageToken };
        });
        const spoken = await upTo(limit, async (page) => {
          const answer = await client.spokenDoubts.listSpokenDoubts({ ...page, contactId: contact });
          return { rows: answer.spokenDoubts.map(ofCall), next: answer.nextPageToken };
        });
        return { rows: [...written.rows, ...spoken.rows], more: written.more || spoken.more };
      });
      context.output.list(found, {
        json: (doubt) => doubt,
        row: ({ at, decideBy, ...doubt }) => ({ ...doubt, at: time(at), 'decide by': time(decideBy) }),
        columns: ['id', 'contact', 'heard', 'at', 'decide by'],
      });
    },
  );
}

function addReveal(doubts: Command, context: Context): void {
  const reveal = doubts
    .command('reveal <id>')
    .description('What was written, or understood of what was said. The read is recorded.');
  withExample(reveal, 'heed doubts reveal 0199...').action(async (id: string) => {
    const seen = await context.asMember((client) =>
      either<object>(
        () => client.spokenDoubts.revealSpokenDoubt({ spokenDoubtId: id }),
        () => client.replies.revealReply({ replyId: id }),
      ),
    );
    context.output.record(seen);
  });
}

function addDecide(doubts: Command, context: Context): void {
  const decide = doubts
    .command('decide <id>')
    .description(
      'Says what was meant. An opt-out is recorded; who said something else may be contacted again.',
    )
    .addOption(new Option('--meant <what>', 'what it was').choices(Object.keys(MEANT)).makeOptionMandatory());
  withExample(decide, 'heed doubts decide 0199... --meant opt-out').action(
    async (id: string, { meant }: { meant: keyof typeof MEANT }) => {
      await context.asMember((client) => decided(client, id, meant));
      context.output.record({ id, meant });
    },
  );
}

async function decided(client: HeedClient, id: string, meant: keyof typeof MEANT): Promise<void> {
  const [ofReply, ofWords] = MEANT[meant];
  await either<unknown>(
    () => client.spokenDoubts.decideSpokenDoubt({ requestId: newId(), spokenDoubtId: id, decision: ofWords }),
    () => client.replies.decideReply({ requestId: newId(), replyId: id, decision: ofReply }),
  );
}

/** An id does not say which service has it. */
async function either<T>(spoken: () => Promise<T>, written: () => Promise<T>): Promise<T> {
  try {
    return await spoken();
  } catch (error) {
    if (!isDomainError(error, 'SPOKEN_DOUBT_NOT_FOUND')) throw error;
    return written();
  }
}

function ofMail({ replyId, contactId, receivedAt, decideBy }: messagingV1.Reply): Doubt {
  return { id: replyId, contact: contactId, heard: 'mail', at: receivedAt, decideBy };
}

function ofCall({ spokenDoubtId, contactId, heardAt, decideBy }: telephonyV1.SpokenDoubt): Doubt {
  return { id: spokenDoubtId, contact: contactId, heard: 'call', at: heardAt, decideBy };
}
