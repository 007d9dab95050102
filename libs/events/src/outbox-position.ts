import { DomainError } from '@heed/kernel';

/**
 * How far a reader of an outbox is. At rest it is a snapshot: everything visible in it has been read. In a backlog it
 * is a walk from one snapshot to the next: of what is new in `target`, everything up to `seq` has been read, and
 * nothing lies beyond `until`. Written down as text, so that whoever stores it needs to know none of this.
 */
export interface OutboxPosition {
  snapshot: string;
  walk?: { target: string; seq: bigint; until: bigint };
}

const SNAPSHOT = /^\d+:\d+:(\d+(,\d+)*)?$/;

/** Before everything. */
export const BEGINNING = '1:1:';

export function parsePosition(text: string): OutboxPosition {
  const [snapshot = '', target, seq, until] = text.split('/');
  const atRest = target === undefined;
  const walking = target !== undefined && SNAPSHOT.test(target) && isNumber(seq) && isNumber(until);
  if (!SNAPSHOT.test(snapshot) || !(atRest || walking)) {
    throw new DomainError('POSITION_MALFORMED', 'internal', { message: 'not a position in an outbox' });
  }
  if (atRest) return { snapshot };
  return { snapshot, walk: { target, seq: BigInt(seq as string), until: BigInt(until as string) } };
}

export function formatPosition({ snapshot, walk }: OutboxPosition): string {
  return walk === undefined ? snapshot : `${snapshot}/${walk.target}/${walk.seq}/${walk.until}`;
}

function isNumber(text: string | undefined): boolean {
  return text !== undefined && /^\d+$/.test(text);
}
