/** The places of the log that a copy of files needs: from where recovery begins to where it is consistent. */
export interface WalRange {
  timeline: number;
  /** `0/3000028`, as PostgreSQL writes it. */
  start: string;
  stop: string;
  segmentBytes: number;
}

/** Names of the segments that hold the range, in order. */
export function segmentsOf({ timeline, start, stop, segmentBytes }: WalRange): string[] {
  const bytes = BigInt(segmentBytes);
  const [first, last] = [lsnOf(start) / bytes, (lsnOf(stop) - 1n) / bytes];
  const perFile = (1n << 32n) / bytes;
  const names: string[] = [];
  for (let segment = first; segment <= last; segment += 1n) {
    const parts = [BigInt(timeline), segment / perFile, segment % perFile];
    names.push(parts.map((part) => part.toString(16).toUpperCase().padStart(8, '0')).join(''));
  }
  return names;
}

function lsnOf(text: string): bigint {
  const [, high, low] = /^([0-9A-F]{1,8})\/([0-9A-F]{1,8})$/i.exec(text) ?? [];
  if (high === undefined || low === undefined) throw new Error(`${text} is no place in a log`);
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`);
}
