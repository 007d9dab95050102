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

/**
 * A port that nobody listens on: the one of the last run where it is still free, so that addresses a human
 * has copied stay right. A port is given out once per process: between asking and binding lies time.
 */
export async function freePort(preferred?: number): Promise<number> {
  if (preferred && !given.has(preferred) && (await tryPort(preferred))) {
    given.add(preferred);
    return preferred;
  }
  for (;;) {
    const port = await tryPort(0);
    if (port === undefined) throw new Error('no free TCP port on 127.0.0.1');
    if (given.has(port)) continue;
    given.add(port);
    return port;
  }
}
