/**
 * Where the objects of one store about one person lie: `<store>/<tenant>/<person>/...`. A recording that is put after
 * its row is found by its place, so erasing and probing need no list of keys that could be incomplete.
 */
export function objectPrefix(store: string, tenantId: string, subjectId: string): string {
  return `${store}/${tenantId}/${subjectId}/`.toLowerCase();
}
