/** What was done with a message. `trap`: a link was followed that no person can see. */
export type EngagementKind = 'open' | 'click' | 'trap';

/** What a request shows by itself. Address and program of whoever made it are looked at and not kept. */
export type Evidence = '' | 'head' | 'agent' | 'network' | 'prefetch';

/** Why something is taken for a machine's; empty for a person's. */
export type AutomatedReason = Evidence | 'trap' | 'burst' | 'too_soon';

/** A request that was answered. */
export interface Seen {
  tenantId: string;
  attemptId: string;
  kind: EngagementKind;
  /** Template that the link is of; undefined for an image, whose address names the message alone. */
  templateId: string | undefined;
  /** From 1; 0 where none was followed. */
  link: number;
  /** How many links of the message lead through us; 0 where it is not known. */
  of: number;
  evidence: Evidence;
  at: Date;
}
