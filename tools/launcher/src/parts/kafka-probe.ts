import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * FindCoordinator (API key 10, version 1), the request with which every consumer group begins. A broker answers
 * it once it is truly up, and the first one makes it create the internal topic of groups, for which the first
 * consumers would otherwise wait 0.6 s. Spelled out here since the client library belongs to libs/events alone.
 */
export function findCoordinatorRequest(correlationId: number, group: string): Buffer {
  const name = Buffer.from(group);
  const client = Buffer.from('heed-launcher');
  const frame = Buffer.alloc(4 + 8 + 2 + client.length + 2 + name.length + 1);
  let at = frame.writeInt32BE(frame.length - 4, 0);
  at = frame.writeInt16BE(10, at);
  at = frame.writeInt16BE(1, at);
  at = frame.writeInt32BE(correlationId, at);
  at = frame.writeInt16BE(client.length, at);
  at += client.copy(frame, at);
  at = frame.writeInt16BE(name.length, at);
  at += name.copy(frame, at);
  frame.writeInt8(0, at); // key type: a consumer group
  return frame;
}

/** The error code of the answer: behind size (4), correlation id (4) and throttle time (4). */
export function coordinatorError(response: Buffer): number | undefined {
  return response.length < 14 ? undefined : response.readInt16BE(12);
}

function askOnce(port: number): Promise<number> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 2_000 });
    let received = Buffer.alloc(0);
    const done = (code: number) => {
      socket.destroy();
      resolve(code);
    };
    socket.once('connect', () => socket.write(findCoordinatorRequest(1, 'heed.warm-up')));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      const code = coordinatorError(received);
      if (code !== undefined) done(code);
    });
    for (const event of ['timeout', 'error', 'close'] as const) socket.once(event, () => done(-1));
  });
}

/** Asks until the broker names a coordinator. */
export async function untilWarm(port: number, patienceMs: number): Promise<void> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const code = await askOnce(port);
    if (code === 0) return;
    if (performance.now() > until) {
      throw new Error(`Kafka listens on port ${port} but serves no consumer groups (error code ${code})`);
    }
    await pause(25);
  }
}
