import { Resolver } from 'node:dns/promises';

/** What is asked of DNS. No such name and no such record are an empty answer; what could not be asked throws. */
export interface Dns {
  /** Texts, their strings joined (RFC 7208, 3.3; RFC 6376, 3.6.2.2). */
  txt(name: string): Promise<string[]>;
  addresses(name: string): Promise<string[]>;
  /** Names of mail servers. */
  mx(name: string): Promise<string[]>;
}

export const DNS = Symbol('Dns');

/** DNS did not answer, or not with what we asked: says nothing of the domain. */
export class DnsUnreachable extends Error {}

const TIMEOUT_MS = 2_000;
const TRIES = 2;
const NOTHING = new Set(['ENOTFOUND', 'ENODATA']);

/** The machine's resolvers, or those named (`192.0.2.1`, `192.0.2.1:5353`). */
export class NodeDns implements Dns {
  private readonly resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES });

  constructor(servers: readonly string[] = []) {
    if (servers.length > 0) this.resolver.setServers(servers);
  }

  async txt(name: string): Promise<string[]> {
    const records = await this.ask(() => this.resolver.resolveTxt(name));
    return records.map((strings) => strings.join(''));
  }

  async addresses(name: string): Promise<string[]> {
    const [four, six] = await Promise.all([
      this.ask(() => this.resolver.resolve4(name)),
      this.ask(() => this.resolver.resolve6(name)),
    ]);
    return [...four, ...six];
  }

  async mx(name: string): Promise<string[]> {
    const records = await this.ask(() => this.resolver.resolveMx(name));
    return records.map(({ exchange }) => exchange);
  }

  close(): void {
    this.resolver.cancel();
  }

  private async ask<Answer>(question: () => Promise<Answer[]>): Promise<Answer[]> {
    try {
      return await question();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (NOTHING.has(code ?? '')) return [];
      throw new DnsUnreachable(code ?? 'no answer');
    }
  }
}

/** The same until somebody says that the time is over: a record may lead from name to name, each slow. */
export function whileThereIsTime(dns: Dns, isOver: () => boolean): Dns {
  const unlessOver = async <Answer>(ask: () => Promise<Answer>): Promise<Answer> => {
    if (isOver()) throw new DnsUnreachable('took too long');
    return ask();
  };
  return {
    txt: (name) => unlessOver(() => dns.txt(name)),
    addresses: (name) => unlessOver(() => dns.addresses(name)),
    mx: (name) => unlessOver(() => dns.mx(name)),
  };
}
