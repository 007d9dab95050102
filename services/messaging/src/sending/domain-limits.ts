/** How fast a domain is written to by one process. */
export interface DomainLimit {
  /** Messages that are under way at once. */
  connections: number;
  perMinute: number;
}

const UNLIMITED: DomainLimit = { connections: Infinity, perMinute: Infinity };
const EVERY_OTHER = '*';
const ENTRY = /^(\*|[a-z0-9.-]{1,253})=(\d{1,5})\/(\d{1,7})$/;

/** `*=20/600 example.com=5/100`: connections and messages a minute, 0 for no limit; `*` is every other domain. */
export class DomainLimits {
  private constructor(private readonly limits: ReadonlyMap<string, DomainLimit>) {}

  /** Undefined where it is not written so. */
  static read(text: string): DomainLimits | undefined {
    const limits = new Map<string, DomainLimit>();
    for (const entry of text.toLowerCase().split(/\s+/)) {
      if (entry === '') continue;
      const [, domain, connections, perMinute] = ENTRY.exec(entry) ?? [];
      if (domain === undefined) return undefined;
      limits.set(domain, { connections: limitOf(connections!), perMinute: limitOf(perMinute!) });
    }
    return new DomainLimits(limits);
  }

  of(domain: string): DomainLimit {
    return this.limits.get(domain) ?? this.limits.get(EVERY_OTHER) ?? UNLIMITED;
  }
}

function limitOf(text: string): number {
  return text === '0' ? Infinity : Number(text);
}
