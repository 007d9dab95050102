/** CAMPAIGN_STATE_RUNNING as people read it in a table: running. */
export function word(prefix: string, name: string): string {
  const short = name.startsWith(`${prefix}_`) ? name.slice(prefix.length + 1) : name;
  return short === 'UNSPECIFIED' ? '' : short.toLowerCase();
}

/** 2026-11-27T11:25:02.123Z without what a table has no room for. */
export function time(rfc3339: string): string {
  return rfc3339.replace('T', ' ').replace(/\.\d+/, '').replace('Z', '');
}

/** The values of an enum by those words, for an option that chooses one. */
export function choicesOf<Value extends number>(
  prefix: string,
  names: Record<string, string | Value>,
): Map<string, Value> {
  return new Map(
    Object.entries(names)
      .filter((entry): entry is [string, Value] => entry[0].startsWith(`${prefix}_`) && entry[1] !== 0)
      .map(([name, value]) => [word(prefix, name), value]),
  );
}
