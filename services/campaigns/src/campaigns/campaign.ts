import { refusal } from '../errors.js';

/**
 * Where a campaign stands. `cancelling` and `failing` are on their way to an end: nothing is handed out any more, what
 * was not is being skipped, and what a sender holds concludes.
 */
export type CampaignState =
  | 'draft'
  /** Held: another member has to approve its texts. */
  | 'in_review'
  /** Starts by itself at `startAt`. */
  | 'scheduled'
  /** Was due to start too long ago: a person has to say that it still should. */
  | 'needs_confirmation'
  | 'planning'
  | 'running'
  | 'paused'
  | 'cancelling'
  | 'failing'
  | 'completed'
  | 'cancelled'
  | 'failed';

export type Channel = 'email' | 'voice';

/** Why no label of advertising is owed after all: it advertises nothing, or who was counted there lives elsewhere. */
export type LabelWaiver = 'not_advertising' | 'nobody_there';

/** Messages to the people of a list, step by step. Template, channel and rate are those of the first step. */
export interface Campaign {
  tenantId: string;
  campaignId: string;
  name: string;
  listId: string;
  templateId: string;
  channel: Channel;
  purpose: string;
  ratePerSecond: number;
  /** 0: the whole list. */
  audienceLimit: bigint;
  state: CampaignState;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  /** Who began it when it was held, and who approved it. */
  heldFor: string | null;
  approvedBy: string | null;
  /** When it starts by itself, or was to; null where somebody starts it. */
  startAt: Date | null;
  /** Who began it although it was overdue, or before it was due. */
  confirmedBy: string | null;
  /** Where people of its list live whom a law owes a label of advertising, as of the last look. */
  labelsDue: string[];
  /** Why it was approved without such a label. */
  labelWaiver: LabelWaiver | null;
  /** How often its steps were changed. */
  revision: number;
}

/**
 * So late a campaign still starts by itself: a restart takes less. Later nobody knows whether it still should: a letter of
 * the morning may be wrong in the evening, and a restored backup may hold what was begun long ago.
 */
export const START_TOLERANCE_MS = 5 * 60_000;

/** What becomes at `at` of a campaign that is scheduled; undefined: nothing yet. */
export function whenDue(startAt: Date, at: Date): 'planning' | 'needs_confirmation' | undefined {
  const late = at.getTime() - startAt.getTime();
  if (late < 0) return undefined;
  return late <= START_TOLERANCE_MS ? 'planning' : 'needs_confirmation';
}

const ENDED: ReadonlySet<CampaignState> = new Set(['completed', 'cancelled', 'failed']);

export function hasEnded(state: CampaignState): boolean {
  return ENDED.has(state);
}

/** The reason for which a campaign in this state skips whatever is not with a sender; undefined where it does not. */
export function skipsBecause(state: CampaignState): 'cancelled' | 'planning_failed' | undefined {
  if (state === 'cancelling') return 'cancelled';
  return state === 'failing' ? 'planning_failed' : undefined;
}

/** What somebody wants of a campaign. */
export type Command =
  'start' | 'schedule' | 'unschedule' | 'confirm' | 'approve' | 'pause' | 'resume' | 'cancel';

/**
 * The state that follows from a command; undefined where the campaign already is where the command leads. A command
 * whose answer was lost is sent again, and must not be refused for what it did itself.
 */
export function follows(command: Command, state: CampaignState): CampaignState | undefined {
  switch (command) {
    case 'start':
      if (state === 'draft' || state === 'scheduled') return 'planning';
      if (isUnderWay(state) || state === 'in_review') return undefined;
      throw refusal(state === 'needs_confirmation' ? 'CAMPAIGN_NEEDS_CONFIRMATION' : 'CAMPAIGN_NOT_DRAFT');
    case 'schedule':
      if (state === 'draft' || isScheduled(state)) return 'scheduled';
      throw refusal('CAMPAIGN_NOT_DRAFT');
    case 'unschedule':
      if (isScheduled(state)) return 'draft';
      if (state === 'draft') return undefined;
      throw refusal('CAMPAIGN_NOT_SCHEDULED');
    case 'confirm':
      if (state === 'needs_confirmation') return 'planning';
      if (isUnderWay(state)) return undefined;
      throw refusal('CAMPAIGN_NOT_OVERDUE');
    case 'approve':
      if (state === 'in_review') return 'planning';
      if (isUnderWay(state) || isScheduled(state)) return undefined;
      throw refusal('CAMPAIGN_NOT_IN_REVIEW');
    case 'pause':
      if (state === 'running') return 'paused';
      if (state === 'paused') return undefined;
      throw refusal('CAMPAIGN_NOT_RUNNING');
    case 'resume':
      if (state === 'paused') return 'running';
      if (state === 'running') return undefined;
      throw refusal('CAMPAIGN_NOT_PAUSED');
    case 'cancel':
      if (state === 'cancelling' || state === 'cancelled') return undefined;
      if (state === 'completed' || state === 'failed' || state === 'failing') throw refusal('CAMPAIGN_ENDED');
      return 'cancelling';
  }
}

function isUnderWay(state: CampaignState): boolean {
  return state === 'planning' || state === 'running';
}

function isScheduled(state: CampaignState): boolean {
  return state === 'scheduled' || state === 'needs_confirmation';
}
