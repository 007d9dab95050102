import { isDomainError } from '@heed/kernel';
import { z } from 'zod';
import { refusal } from '../errors.js';
import {
  type Carrier,
  type CarrierCall,
  type OutgoingCall,
  type Placed,
  type PlaceGuard,
} from './carrier.js';
import { guardedPost } from './guarded-post.js';

/** An answer about a call comes at once or is not worth waiting for: the next look is near. */
const ANSWER_WITHIN_MS = 5_000;
const RECORDING_WITHIN_MS = 60_000;

const answerSchema = z.object({
  state: z.enum(['ringing', 'answered', 'ended']),
  end_reason: z.enum(['completed', 'hung-up', 'cancelled', 'busy', 'no-answer', 'failed']).optional(),
  answered_at: z.iso.datetime().optional(),
  ended_at: z.iso.datetime().optional(),
  has_recording: z.boolean(),
  keys: z.string().max(64).optional(),
});

/** The small protocol of tools/launcher/src/carrier-simulator, which a gateway to any real carrier can speak. */
export class HttpCarrier implements Carrier {
  private readonly base: string;

  constructor(url: string) {
    this.base = url.endsWith('/') ? url : `${url}/`;
  }

  async place({ callId, to, from, script }: OutgoingCall, guard: PlaceGuard): Promise<Placed> {
    const url = new URL('calls', this.base);
    const body = JSON.stringify({ call_id: callId, to, from, script });
    // By the system's clock, as everything about a wire: the other side waits by its own.
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const answer = await guardedPost({ url, body, idempotencyKey: callId, guard, signal });
    if (answer.kind === 'unreached') return { kind: 'refused', reason: 'carrier_unavailable' };
    if (answer.kind === 'withheld') return answer;
    if (answer.kind === 'unanswered') return { kind: 'doubtful' };
    if (answer.status === 200 || answer.status === 201) return { kind: 'placed' };
    if (answer.status >= 400 && answer.status < 500) {
      return { kind: 'refused', reason: `carrier_${answer.status}` };
    }
    return { kind: 'doubtful' };
  }

  state(callId: string): Promise<CarrierCall | undefined> {
    return this.about('GET', callId);
  }

  hangUp(callId: string): Promise<CarrierCall | undefined> {
    return this.about('DELETE', callId);
  }

  async recording(callId: string, largest: number): Promise<Buffer | 'too-large' | undefined> {
    return this.call('GET', `calls/${callId}/recording`, RECORDING_WITHIN_MS, async (response) => {
      const pieces: Uint8Array[] = [];
      let size = 0;
      for await (const piece of response.body ?? []) {
        size += piece.length;
        // Leaving the loop ends the download.
        if (size > largest) return 'too-large';
        pieces.push(piece);
      }
      return Buffer.concat(pieces);
    });
  }

  async deleteRecording(callId: string): Promise<void> {
    await this.call('DELETE', `calls/${callId}/recording`, ANSWER_WITHIN_MS, async () => undefined);
  }

  private about(method: 'GET' | 'DELETE', callId: string): Promise<CarrierCall | undefined> {
    return this.call(method, `calls/${callId}`, ANSWER_WITHIN_MS, async (response) => {
      const { data } = answerSchema.safeParse(await response.json().catch(() => undefined));
      if (!data) throw refusal('CARRIER_ANSWER_UNREADABLE');
      return {
        state: data.state,
        endReason: data.end_reason,
        answeredAt: data.answered_at ? new Date(data.answered_at) : undefined,
        endedAt: data.ended_at ? new Date(data.ended_at) : undefined,
        hasRecording: data.has_recording,
        keys: data.keys,
      };
    });
  }

  /** Undefined where the carrier knows nothing under this path. */
  private async call<T>(
    method: 'GET' | 'DELETE',
    path: string,
    ms: number,
    read: (response: Response) => Promise<T>,
  ): Promise<T | undefined> {
    try {
      const response = await fetch(new URL(path, this.base), { method, signal: AbortSignal.timeout(ms) });
      if (response.ok) return await read(response);
      await response.body?.cancel();
      if (response.status === 404) return undefined;
      throw refusal('CARRIER_UNAVAILABLE', { metadata: { status: String(response.status) } });
    } catch (error) {
      // The errors of fetch quote addresses; what was asked for stands in the span.
      throw isDomainError(error) ? error : refusal('CARRIER_UNAVAILABLE');
    }
  }
}
