/** What people and machines did with messages. */
export interface Engagement {
  opens: bigint;
  openers: bigint;
  clicks: bigint;
  clickers: bigint;
  automatedOpens: bigint;
  automatedClicks: bigint;
}

export const NO_ENGAGEMENT: Engagement = {
  ...{ opens: 0n, openers: 0n, clicks: 0n, clickers: 0n, automatedOpens: 0n, automatedClicks: 0n },
};

/** By how much the counters of a step move. */
export type EngagementChange = Record<keyof Engagement, number> & { campaignId: string; step: number };
