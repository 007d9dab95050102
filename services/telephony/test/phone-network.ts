import { mkdtempSync, rmSync } from 'node:fs';
import { type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { usualBehaviour, type Behaviour } from '../../../tools/launcher/src/carrier-simulator/call.js';
import { type CallEvent, Exchange } from '../../../tools/launcher/src/carrier-simulator/exchange.js';
import { carrierHttpApi } from '../../../tools/launcher/src/carrier-simulator/http-api.js';
import { Webhooks } from '../../../tools/launcher/src/carrier-simulator/webhooks.js';
import { EventLog } from '../../../tools/launcher/src/outside/event-log.js';
import { serveLocally } from '../../../tools/launcher/src/outside/local-http.js';

/** The carrier simulator within a spec: the phones that it has are those of the story, and nobody has to wait for them. */
export class PhoneNetwork {
  exchange!: Exchange;
  url = '';
  /** Seen by the carrier, in order. */
  readonly events: CallEvent[] = [];
  private readonly folder = mkdtempSync(join(tmpdir(), 'heed-phones-'));
  private server: Server | undefined;
  private log!: EventLog<CallEvent>;
  private port = 0;
  private waiters: { event: CallEvent['event']; callId?: string; resolve: () => void }[] = [];

  async start(): Promise<void> {
    this.log = await EventLog.open<CallEvent>(join(this.folder, 'events.jsonl'));
    const append = this.log.append.bind(this.log);
    this.log.append = (event) => {
      append(event);
      this.events.push(event);
      const heard = this.waiters.filter(
        (w) => w.event === event.event && (w.callId ?? event.call_id) === event.call_id,
      );
      this.waiters = this.waiters.filter((waiter) => !heard.includes(waiter));
      for (const { resolve } of heard) resolve();
    };
    this.exchange = new Exchange(this.log, new Webhooks());
    await this.plugIn();
  }

  /** How every number behaves from now on. */
  behave(behaviour: Partial<Behaviour>): void {
    this.exchange.behave([{ ...usualBehaviour, ring_ms: 1, talk_ms: 50, ...behaviour }]);
  }

  /** Resolves when the carrier does this, for one call or for any. */
  next(event: CallEvent['event'], callId?: string): Promise<void> {
    return new Promise((resolve) => this.waiters.push({ event, callId, resolve }));
  }

  has(event: CallEvent['event'], callId: string): boolean {
    return this.events.some((seen) => seen.event === event && seen.call_id === callId);
  }

  /** Nobody can reach the carrier; its calls go on. */
  unplug(): void {
    this.server?.close();
    this.server?.closeAllConnections();
    this.server = undefined;
  }

  async plugIn(): Promise<void> {
    if (this.server) return;
    const served = await serveLocally(this.port, carrierHttpApi(this.exchange));
    this.server = served.server;
    this.port = served.port;
    this.url = `http://127.0.0.1:${served.port}`;
  }

  async stop(): Promise<void> {
    this.unplug();
    this.exchange.close();
    await this.log.close();
    rmSync(this.folder, { recursive: true });
  }
}
