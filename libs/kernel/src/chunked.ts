/** Consecutive slices of at most `size` items. */
export function* chunked<T>(items: readonly T[], size: number): Generator<T[]> {
  if (!Number.isInteger(size) || size < 1) throw new RangeError('chunked: size must be a positive integer');
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
}
