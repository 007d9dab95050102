/** The life of a service's database, as it tells of it. */
export interface Life {
  number: bigint;
  nonce: string;
  previousNonce: string;
  resynced: boolean;
}

export interface Witnessed {
  number: bigint;
  nonce: string;
}

/**
 * `follows`: it is the next one, and is written down. `known`: told again. `left-behind`: another life has followed it,
 * or it stems from one that is not the last.
 */
export function judge(life: Life, last: Witnessed | undefined): 'follows' | 'known' | 'left-behind' {
  if (last === undefined) return 'follows';
  if (life.number === last.number && life.nonce === last.nonce) return 'known';
  if (life.number <= last.number) return 'left-behind';
  if (life.resynced) return 'follows';
  // A gap: a service makes no new life before the last was witnessed, so it is we who have forgotten some.
  if (life.number > last.number + 1n) return 'follows';
  return life.previousNonce === last.nonce ? 'follows' : 'left-behind';
}
