import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';

function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      const got = typeof address === 'object' && address ? address.port : undefined;
      server.close(() => resolve(got));
    });
  });
}

const given = new Set<number>();

const LOWEST = 10_000;
/** Above these the specs choose for the services that they start (libs/testing/src/cluster.ts). */
const HIGHEST = 25_999;
const TRIES = 200;

/**
 * A port that nobody listens on: the one of the last run where it is still free, so that addresses a human
 * has copied stay right. Between asking and binding lies time, up to a minute where a broker has to start: so it is
 * given out once per process, and is none that the kernel gives to whoever asks for any, as every connection does.
 */
export async function freePort(preferred?: number): Promise<number> {
  if (preferred && !given.has(preferred) && (await tryPort(preferred))) {
    given.add(preferred);
    return preferred;
  }
  const highest = Math.min(HIGHEST, firstOfTheKernel() - 1);
  for (let tries = 0; ; tries += 1) {
    const own = tries < TRIES && highest > LOWEST;
    const port = await tryPort(own ? randomInt(LOWEST, highest + 1) : 0);
    if (port === undefined && !own) throw new Error('no free TCP port on 127.0.0.1');
    if (port === undefined || given.has(port)) continue;
    given.add(port);
    return port;
  }
}

/** Where the range begins out of which the kernel gives ports by itself. */
function firstOfTheKernel(): number {
  try {
    return Number(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split(/\s/)[0]);
  } catch {
    // What other systems have: 49152.
    return 49_152;
  }
}
