import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EventLog } from '../outside/event-log.js';
import { serveLocally } from '../outside/local-http.js';
import { parseBehaviours, type Call } from './call.js';
import { Exchange, type CallEvent } from './exchange.js';
import { carrierHttpApi } from './http-api.js';
import { recording, recordingSize } from './recording.js';
import { Webhooks } from './webhooks.js';

const call = { call_id: 'c-1', to: '+4915112345678', from: '+4930123456', script: 'Hello' };

describe('the carrier simulator', () => {
  let folder: string;
  let log: EventLog<CallEvent>;
  let exchange: Exchange;
  let server: Server;
  let url: string;
  let hook: Server;
  let told: { call: Call; signature: string | undefined }[];
  let ended: Promise<void>;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'heed-carrier-'));
    log = await EventLog.open(join(folder, 'events.jsonl'));
    exchange = new Exchange(log, new Webhooks('secret'));
    const served = await serveLocally(0, carrierHttpApi(exchange));
    server = served.server;
    url = `http://127.0.0.1:${served.port}`;
    told = [];
    ended = new Promise((resolve) => {
      hook = createServer((request, response) => {
        void (async () => {
          const chunks: Buffer[] = [];
          for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
          const body = JSON.parse(Buffer.concat(chunks).toString()) as Call;
          told.push({ call: body, signature: request.headers['carrier-signature'] as string | undefined });
          response.end();
          if (body.state === 'ended') resolve();
        })();
      });
    });
    await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
    exchange.behave([{ to: '*', outcome: 'answer', ring_ms: 1, talk_ms: 20 }]);
  });

  afterEach(async () => {
    exchange.close();
    for (const one of [server, hook]) one.close();
    hook.closeAllConnections();
    server.closeAllConnections();
    await log.close();
    rmSync(folder, { recursive: true });
  });

  const until = async (holds: () => boolean) => {
    while (!holds()) await new Promise((resolve) => setImmediate(resolve));
  };
  const hookUrl = () => `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`;
  const place = (body: unknown) => fetch(`${url}/calls`, { method: 'POST', body: JSON.stringify(body) });

  it('tells each change of state in order, signed, and has a recording at the end', async () => {
    expect((await place({ ...call, webhook_url: hookUrl() })).status).toBe(201);
    await ended;
    expect(told.map((entry) => entry.call.state)).toEqual(['ringing', 'answered', 'ended']);
    expect(told.every(({ signature }) => /^[0-9a-f]{64}$/.test(signature ?? ''))).toBe(true);
    const answer = await fetch(`${url}/calls/c-1/recording`);
    const wav = Buffer.from(await answer.arrayBuffer());
    expect(answer.headers.get('content-type')).toBe('audio/wav');
    expect(wav.length).toBe(Number(answer.headers.get('content-length')));
    expect(wav.toString('latin1', 0, 4) + wav.toString('latin1', 8, 12)).toBe('RIFFWAVE');
    expect(await (await fetch(`${url}/calls/c-1/recording`, { method: 'DELETE' })).text()).toBe('');
    expect((await fetch(`${url}/calls/c-1/recording`)).status).toBe(404);
  });

  it('takes the same call twice for one, and another call under its id for a mistake', async () => {
    await place(call);
    expect((await place(call)).status).toBe(200);
    expect((await place({ ...call, to: '+4915199999999' })).status).toBe(409);
    expect(exchange.calls()).toHaveLength(1);
  });

  it('stops ringing when the caller hangs up, and never lets that be answered', async () => {
    exchange.behave([{ to: '*', outcome: 'answer', ring_ms: 60_000, talk_ms: 1 }]);
    await place(call);
    const answer = await fetch(`${url}/calls/c-1`, { method: 'DELETE' });
    expect(await answer.json()).toMatchObject({
      state: 'ended',
      end_reason: 'cancelled',
      has_recording: false,
    });
    expect((await fetch(`${url}/calls/c-1/recording`)).status).toBe(404);
  });

  it('lets whoever answers press keys, and tells which', async () => {
    exchange.behave([{ to: '*', outcome: 'answer', ring_ms: 1, talk_ms: 60_000, keys: '9', press_ms: 1 }]);
    await place({ ...call, webhook_url: hookUrl() });
    await until(() => told.some((entry) => entry.call.keys === '9'));
    expect(await (await fetch(`${url}/calls/c-1`)).json()).toMatchObject({ state: 'answered', keys: '9' });
    await fetch(`${url}/calls/c-1`, { method: 'DELETE' });
    const [, refused] = [await ended, parseBehaviours([{ to: '*', keys: 'nine' }])];
    expect(refused).toMatch('keys of a telephone');
  });

  it('lets a number be busy', async () => {
    exchange.behave([{ to: call.to, outcome: 'busy', ring_ms: 0, talk_ms: 0 }]);
    await place({ ...call, webhook_url: hookUrl() });
    await ended;
    expect(exchange.call('c-1')).toMatchObject({ end_reason: 'busy', has_recording: false });
  });

  it.each([
    ['no number', { ...call, to: '0151' }, /to: a number in E\.164/],
    ['a path for an id', { ...call, call_id: '../x' }, /call_id/],
    ['nothing', null, /call_id/],
  ])('refuses %s', async (_what, body, message) => {
    const answer = await place(body);
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { title: string }).title).toMatch(message);
  });
});

describe('a recording', () => {
  it('has the announced length, its own melody, and the same one each time', () => {
    const bytes = (id: string, ms: number) => Buffer.concat([...recording(id, ms)]);
    expect(bytes('a', 2_500)).toHaveLength(recordingSize(2_500));
    expect(bytes('a', 500).equals(bytes('a', 500))).toBe(true);
    expect(bytes('a', 500).equals(bytes('b', 500))).toBe(false);
  });
});
