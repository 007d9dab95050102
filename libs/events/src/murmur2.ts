/**
 * Kafka's own hash of a record key (Java's `Utils.murmur2`), so that any producer in any language puts one key
 * in one partition. Written out because kafkajs keeps its version in a private path and works on `Long`s.
 */
export function murmur2(key: Uint8Array): number {
  const m = 0x5bd1e995;
  const length = key.length;
  let h = 0x9747b28c ^ length;
  const blocks = length >> 2;
  for (let block = 0; block < blocks; block++) {
    const i = block * 4;
    let k = byte(key, i) | (byte(key, i + 1) << 8) | (byte(key, i + 2) << 16) | (byte(key, i + 3) << 24);
    k = Math.imul(k, m);
    k ^= k >>> 24;
    k = Math.imul(k, m);
    h = Math.imul(h, m) ^ k;
  }
  const tail = blocks * 4;
  const rest = length - tail;
  if (rest > 2) h ^= byte(key, tail + 2) << 16;
  if (rest > 1) h ^= byte(key, tail + 1) << 8;
  if (rest > 0) {
    h ^= byte(key, tail);
    h = Math.imul(h, m);
  }
  h ^= h >>> 13;
  h = Math.imul(h, m);
  h ^= h >>> 15;
  return h | 0;
}

/** The partition of a key among `partitions`, as Java's default partitioner chooses it. */
export function partitionOf(key: string, partitions: number): number {
  return (murmur2(Buffer.from(key)) & 0x7fffffff) % partitions;
}

function byte(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}
