/**
 * announced: look-ups know the key, nothing is written under it. forming: each endpoint gets the form that it has under
 * it. opened: entries are written under it. lifting: those that are there are moved to it. So at no moment does an entry
 * stand under a key that some endpoint has no form of.
 */
export type RotationState = 'announced' | 'forming' | 'opened' | 'lifting' | 'done';

export interface Rotation {
  rotationId: string;
  keyVersion: number;
  state: RotationState;
  formed: number;
  lifted: number;
  begunAt: Date;
  endedAt: Date | undefined;
}
