import { describe, expect, it } from '@jest/globals';
import { follows, START_TOLERANCE_MS, whenDue, type CampaignState, type Command } from './campaign.js';

const STATES: CampaignState[] = [
  'draft',
  'in_review',
  'scheduled',
  'needs_confirmation',
  'planning',
  'running',
  'paused',
  'cancelling',
  'failing',
  'completed',
  'cancelled',
  'failed',
];

function table(command: Command): Record<string, string> {
  return Object.fromEntries(
    STATES.map((state) => {
      try {
        return [state, follows(command, state) ?? 'same'];
      } catch (error) {
        return [state, (error as { reason: string }).reason];
      }
    }),
  );
}

describe('a campaign', () => {
  it('starts once; a start that is sent again is the same start', () => {
    const NO = 'CAMPAIGN_NOT_DRAFT';
    expect(table('start')).toEqual({
      ...{ draft: 'planning', in_review: 'same', scheduled: 'planning' },
      needs_confirmation: 'CAMPAIGN_NEEDS_CONFIRMATION',
      ...{ planning: 'same', running: 'same', paused: NO, cancelling: NO, failing: NO },
      ...{ completed: NO, cancelled: NO, failed: NO },
    });
  });

  it('is scheduled until it begins, and asks a person only where it is overdue', () => {
    expect(table('schedule')).toMatchObject({
      ...{ draft: 'scheduled', scheduled: 'scheduled', needs_confirmation: 'scheduled' },
      ...{ in_review: 'CAMPAIGN_NOT_DRAFT', running: 'CAMPAIGN_NOT_DRAFT', completed: 'CAMPAIGN_NOT_DRAFT' },
    });
    expect(table('confirm')).toMatchObject({
      ...{ needs_confirmation: 'planning', planning: 'same', running: 'same' },
      ...{ draft: 'CAMPAIGN_NOT_OVERDUE', scheduled: 'CAMPAIGN_NOT_OVERDUE', paused: 'CAMPAIGN_NOT_OVERDUE' },
    });
    const startAt = new Date('2026-11-27T08:00:00Z');
    const after = (ms: number) => whenDue(startAt, new Date(startAt.getTime() + ms));
    expect([-1, 0, START_TOLERANCE_MS, START_TOLERANCE_MS + 1].map(after)).toEqual([
      ...[undefined, 'planning', 'planning', 'needs_confirmation'],
    ]);
  });

  it('pauses while it hands out, and resumes from there', () => {
    const NO = 'CAMPAIGN_NOT_RUNNING';
    expect(table('pause')).toEqual({
      ...{ in_review: NO, scheduled: NO, needs_confirmation: NO },
      ...{ draft: NO, planning: NO, running: 'paused', paused: 'same', cancelling: NO, failing: NO },
      ...{ completed: NO, cancelled: NO, failed: NO },
    });
    expect(table('resume')).toMatchObject({
      running: 'same',
      paused: 'running',
      draft: 'CAMPAIGN_NOT_PAUSED',
    });
  });

  it('can be cancelled until it has ended', () => {
    expect(table('cancel')).toEqual({
      ...{ in_review: 'cancelling', scheduled: 'cancelling', needs_confirmation: 'cancelling' },
      ...{ draft: 'cancelling', planning: 'cancelling', running: 'cancelling', paused: 'cancelling' },
      ...{ cancelling: 'same', cancelled: 'same' },
      ...{ failing: 'CAMPAIGN_ENDED', completed: 'CAMPAIGN_ENDED', failed: 'CAMPAIGN_ENDED' },
    });
  });
});
