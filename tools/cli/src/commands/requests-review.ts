import { Option, type Command } from 'commander';
import { privacyV1 } from '@heed/contracts';
import { type Context } from '../context.js';
import { readGiven } from '../files.js';
import { withExample } from '../help.js';
import { summary } from './requests-read.js';
import { VERIFIED } from './requests-verified.js';

/** A member looks at a request before its first order is out. */
export function addRequestsReview(requests: Command, context: Context): void {
  addApprove(requests, context);
  addRules(requests, context);
}

function addApprove(requests: Command, context: Context): void {
  const approve = requests
    .command('approve <request-id...>')
    .description(
      'Approves requests that wait in review: their orders go out. Who does not approve refuses: heed requests refuse.',
    )
    .addOption(
      new Option('--verified <how>', 'how identity was verified meanwhile; needed where it is none').choices(
        VERIFIED,
      ),
    );
  withExample(
    approve,
    'heed requests approve 0199...',
    'heed requests approve 0199... --verified document',
  ).action(async (requestIds: string[], { verified }: { verified?: string }) => {
    for (const requestId of requestIds) {
      const { request } = await context.asMember((client) =>
        client.requests.approveRequest({ requestId, verification: verified ?? '' }),
      );
      context.output.record(summary(request!));
    }
  });
}

function addRules(requests: Command, context: Context): void {
  const rules = requests
    .command('review-rules')
    .description(
      'Which requests wait for approval, and whether by another member than the one who took them.',
    )
    .option(
      '--set <file>',
      'replaces them by those of a JSON file, as --json prints them; needs review_rules.write',
    );
  withExample(rules, 'heed requests review-rules', 'heed requests review-rules --set review.json').action(
    async ({ set }: { set?: string }) => {
      const wanted = set === undefined ? undefined : rulesIn(set);
      const { reviewRules } = await context.asMember((client) =>
        wanted
          ? client.requests.updateReviewRules({ reviewRules: wanted })
          : client.requests.getReviewRules({}),
      );
      context.output.record(privacyV1.ReviewRules.toJSON(reviewRules!) as object);
    },
  );
}

interface Named {
  right?: keyof typeof privacyV1.Right;
  intake?: keyof typeof privacyV1.Intake;
  verification?: string;
}

function rulesIn(file: string): privacyV1.ReviewRules {
  const { waits = [], secondPerson = false } = JSON.parse(readGiven(file).toString('utf8')) as {
    waits?: Named[];
    secondPerson?: boolean;
  };
  return privacyV1.ReviewRules.fromPartial({
    secondPerson,
    waits: waits.map(({ right, intake, verification }) => ({
      right: privacyV1.Right[right ?? 'RIGHT_UNSPECIFIED'],
      intake: privacyV1.Intake[intake ?? 'INTAKE_UNSPECIFIED'],
      verification: verification ?? '',
    })),
  });
}
