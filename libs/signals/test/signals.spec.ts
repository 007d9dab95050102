import { createServer, Socket, type AddressInfo } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, systemClock } from '@heed/kernel';
import { testParts } from '@heed/testing';
import { connectSignals, type SignalData, type Signals } from '@heed/signals';

let url: string | undefined;
const open: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  url = (await testParts('nats')).nats?.url;
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

/** A prefix of its own: other specs share the server. */
function signals(at = url, prefix = ''): Signals {
  const connected = connectSignals({ ...(at === undefined ? {} : { url: at }), prefix });
  open.push(connected);
  return connected;
}

function next(from: Signals, subject: string): Promise<{ data: SignalData; subject: string }> {
  return new Promise((resolve) => {
    const stop = from.subscribe(subject, (data, on) => {
      stop();
      resolve({ data, subject: on });
    });
  });
}

/** A relay of bytes in front of the server, to cut and to clog. */
async function proxyTo(target: string) {
  const { hostname, port } = new URL(target);
  const pairs = new Set<[Socket, Socket]>();
  const state = { clogged: false, connections: 0 };
  const server = createServer((near) => {
    state.connections += 1;
    const far = new Socket().connect(Number(port), hostname);
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    const drop = () => {
      near.destroy();
      far.destroy();
      pairs.delete(pair);
    };
    near.on('data', (bytes) => state.clogged || far.write(bytes));
    far.on('data', (bytes) => state.clogged || near.write(bytes));
    for (const socket of pair) socket.on('error', drop).on('close', drop);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        pairs.forEach(([near]) => near.destroy());
      }),
  });
  return {
    url: `nats://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: () => pairs.forEach(([near]) => near.destroy()),
    connections: () => state.connections,
    clog: (on: boolean) => void (state.clogged = on),
  };
}

describe('signals', () => {
  it('reach other processes, by subject and by pattern', async () => {
    if (url === undefined) throw new Error('no NATS here: see "npm run parts"');
    const prefix = `${newId()}.`;
    const [a, b] = [signals(url, prefix), signals(url, prefix)];
    await Promise.all([a.ready(), b.ready()]);
    const contactId = newId();
    const [exact, pattern] = [next(b, 'heed.revoked'), next(b, 'heed.outbox.*')];
    // A round trip of b's own: its subscriptions have reached the server.
    await roundTrip(b);
    a.publish('heed.revoked', { tenantId: newId(), contactId });
    a.publish('heed.outbox.contacts', {});
    expect((await exact).data['contactId']).toBe(contactId);
    expect((await pattern).subject).toBe('heed.outbox.contacts');
  });

  it('are off without a server, and nobody who uses them notices', async () => {
    const off = connectSignals();
    await off.ready();
    off.subscribe('heed.revoked', () => undefined)();
    off.publish('heed.revoked', { contactId: newId() });
    expect(off.fresh()).toBe(false);
    await off.close();
  });

  it('never throw: no server, too large, not JSON', async () => {
    const nobody = signals('nats://127.0.0.1:1');
    nobody.publish('heed.progress', { sent: 1 });
    expect(nobody.fresh()).toBe(false);
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    const connected = signals();
    await connected.ready();
    connected.publish('heed.progress', circular as SignalData);
    connected.publish('heed.progress', { text: 'x'.repeat(100_000) });
    expect(connected.fresh()).toBe(true);
  });

  it('keep the handlers apart: one that throws does not silence the next', async () => {
    const one = signals(url, `${newId()}.`);
    await one.ready();
    one.subscribe('heed.progress', () => {
      throw new Error('of the handler');
    });
    const second = next(one, 'heed.progress');
    await roundTrip(one);
    one.publish('heed.progress', { sent: 7 });
    expect((await second).data['sent']).toBe(7);
  });

  it('come back by themselves after the connection was cut', async () => {
    const proxy = await proxyTo(url as string);
    const one = signals(proxy.url, `${newId()}.`);
    await one.ready();
    const heard = next(one, 'heed.keys.voided');
    proxy.cut();
    await until(() => proxy.connections() === 2);
    await roundTrip(one);
    one.publish('heed.keys.voided', { subjectId: newId() });
    await heard;
  });

  it('are not fresh on a connection that is open and carries nothing', async () => {
    const proxy = await proxyTo(url as string);
    const one = signals(proxy.url, `${newId()}.`);
    await one.ready();
    proxy.clog(true);
    await until(() => !one.fresh());
    proxy.clog(false);
    await until(() => one.fresh());
  });
});

/** Signals are lossy: said again until it comes back. */
async function roundTrip(one: Signals): Promise<void> {
  const subject = `heed.echo.${newId()}`;
  let came = false;
  void next(one, subject).then(() => (came = true));
  await until(() => {
    one.publish(subject, {});
    return came;
  });
}

/** Watches a state that changes by itself; the wait is the test's own and ends with it. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await systemClock.wait(5);
}
