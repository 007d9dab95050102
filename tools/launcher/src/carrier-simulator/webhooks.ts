import { createHmac } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type Call } from './call.js';

const patienceMs = [0, 200, 1_000, 5_000];

/**
 * Tells a call's changes of state to the address that its request named: one after the other per call, a few
 * times where the other side does not take it. With a secret, `carrier-signature` is the HMAC-SHA256 of the body.
 */
export class Webhooks {
  private readonly queues = new Map<string, Promise<void>>();

  constructor(private readonly secret?: string) {}

  tell(call: Call): void {
    const url = call.webhook_url;
    if (!url) return;
    const body = JSON.stringify(call);
    const before = this.queues.get(call.call_id) ?? Promise.resolve();
    const sent = before.then(() => this.deliver(url, body));
    this.queues.set(call.call_id, sent);
    if (call.state === 'ended') void sent.then(() => this.queues.delete(call.call_id));
  }

  private async deliver(url: string, body: string): Promise<void> {
    const signature = this.secret ? createHmac('sha256', this.secret).update(body).digest('hex') : undefined;
    for (const patience of patienceMs) {
      if (patience) await pause(patience, undefined, { ref: false });
      const taken = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(signature ? { 'carrier-signature': signature } : {}),
        },
        body,
        signal: AbortSignal.timeout(5_000),
      }).then(
        (response) => response.ok,
        () => false,
      );
      if (taken) return;
    }
  }
}
