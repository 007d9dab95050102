import { type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { LastCheck } from '@heed/permits';
import { type PlaceGuard } from './carrier.js';

export interface GuardedPost {
  url: URL;
  body: string;
  idempotencyKey: string;
  guard: PlaceGuard;
  signal: AbortSignal;
}

export type PostAnswer =
  | { kind: 'answered'; status: number }
  | { kind: 'withheld' }
  /** No connection: not a byte was written. */
  | { kind: 'unreached' }
  /** Written, and the answer did not come. */
  | { kind: 'unanswered' };

/**
 * A POST whose every byte is written after its guard has said yes. Connecting takes as long as it takes and comes
 * first; `fetch` would put that time between the check and the write. A connection of its own: one that was kept alive
 * may be closed by the other side at the moment of the write, which looks like a request that was lost.
 */
export function guardedPost({ url, body, idempotencyKey, guard, signal }: GuardedPost): Promise<PostAnswer> {
  const secure = url.protocol === 'https:';
  return new Promise((resolve) => {
    let check: LastCheck | undefined;
    const request = (secure ? httpsRequest : httpRequest)(url, {
      method: 'POST',
      agent: false,
      signal,
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'idempotency-key': idempotencyKey,
      },
    });
    const connected = (): void => {
      check = LastCheck.passed(() => guard.mayBegin());
      if (!check) {
        resolve({ kind: 'withheld' });
        request.destroy();
        return;
      }
      // Head and body in one write.
      request.end(body);
    };
    request.once('socket', (socket) => socket.once(secure ? 'secureConnect' : 'connect', connected));
    request.once('finish', () => {
      check?.written('voice');
      guard.begun();
    });
    request.once('response', (response: IncomingMessage) => {
      response.resume();
      resolve({ kind: 'answered', status: response.statusCode ?? 0 });
    });
    request.on('error', () => resolve({ kind: check ? 'unanswered' : 'unreached' }));
  });
}
