import { describe, expect, it } from '@jest/globals';
import { follows, type CampaignState, type Command } from './campaign.js';

const STATES: CampaignState[] = [
  'draft',
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
      ...{ draft: 'planning', planning: 'same', running: 'same', paused: NO, cancelling: NO, failing: NO },
      ...{ completed: NO, cancelled: NO, failed: NO },
    });
  });

  it('pauses while it hands out, and resumes from there', () => {
    const NO = 'CAMPAIGN_NOT_RUNNING';
    expect(table('pause')).toEqual({
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
      ...{ draft: 'cancelling', planning: 'cancelling', running: 'cancelling', paused: 'cancelling' },
      ...{ cancelling: 'same', cancelled: 'same' },
      ...{ failing: 'CAMPAIGN_ENDED', completed: 'CAMPAIGN_ENDED', failed: 'CAMPAIGN_ENDED' },
    });
  });
});
