/** What a manifest says of its copies; the rest of it is not looked at. */
export interface ManifestWithCopies {
  service: string;
  stores: { kind: string; name: string; expiresAfterDays?: number }[];
}

/** Bodies of the erased die with their keys, and this copy holds the keys. */
const MOST_DAYS = 7;

/**
 * How many days a physical backup may live: as many as every service has declared under this name, for that is what
 * certificates say of it. A copy that is not declared is not made.
 */
export function declaredDays(manifests: readonly ManifestWithCopies[], name: string): number {
  const declared = manifests.map(({ service, stores }) => {
    const days = stores.find((store) => store.kind === 'copy' && store.name === name)?.expiresAfterDays;
    return { service, days };
  });
  const without = declared.filter(({ days }) => days === undefined || days > MOST_DAYS);
  if (declared.length > 0 && without.length === 0) {
    return Math.min(...declared.map(({ days }) => days ?? MOST_DAYS));
  }
  const who = without.map(({ service }) => service).join(', ') || 'no service';
  throw new Error(
    `a physical backup holds the keys of people beside what they open, and must be declared as a copy of ${MOST_DAYS} ` +
      `days at most, so that certificates say until when it is there. Not declared under the name ${name} by: ${who}. ` +
      `Start the services with HEED_COPIES=${name}:keys-backup:${MOST_DAYS} (added to what is there), then try again`,
  );
}
