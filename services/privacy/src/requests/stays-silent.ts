import { invalidArgument } from '@heed/kernel';

/**
 * Whether hashes of an erased person's addresses stay, so that no list brings them back: where they objected, and unless
 * they asked that none should.
 */
export function staysSilent({
  objects,
  withoutSuppression,
}: {
  objects: boolean;
  withoutSuppression: boolean;
}): boolean {
  if (objects && withoutSuppression)
    throw invalidArgument({ field: 'without_suppression', reason: 'CONTRADICTS_OBJECTS' });
  return !withoutSuppression;
}
