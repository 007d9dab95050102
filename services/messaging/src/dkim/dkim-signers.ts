import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { DomainError } from '@heed/kernel';
import { type DkimKey } from './dkim.js';
import { type Signed, type ToSign } from './dkim-worker.js';

interface Waiting {
  resolve(headers: readonly string[]): void;
  reject(error: Error): void;
}

type Job = Omit<ToSign, 'id'>;

interface Signer {
  worker: Worker;
  waiting: Map<number, Waiting>;
}

/**
 * Signs in threads of its own: RSA of 2,048 bits costs 0.4 to 1.1 ms a message, and a permit lives a second. Whole
 * batches are given away, so that a message costs this thread 6 us; `crypto.sign` with a callback costs it 20, and would
 * keep threads busy that look up names and read files. A thread starts when there is something to sign.
 */
export class DkimSigners {
  private readonly signers: (Signer | undefined)[];
  private lastId = 0;
  private closed = false;

  constructor(count = Math.min(4, availableParallelism())) {
    this.signers = Array.from({ length: count }, () => undefined);
  }

  /** The messages with their signatures in front. Each is followed by `tail` where there is one, in shared memory. */
  async sign(
    messages: readonly Buffer[],
    keys: readonly DkimKey[],
    at: Date,
    tail?: Buffer,
  ): Promise<Buffer[]> {
    if (keys.length === 0) return [...messages];
    const share = Math.ceil(messages.length / this.signers.length);
    const headers = await Promise.all(
      this.signers.map((_, index) => {
        const mine = messages.slice(index * share, (index + 1) * share);
        return mine.length === 0 ? [] : this.ask(index, { keys, messages: mine, at: at.getTime(), tail });
      }),
    );
    const inOrder = headers.flat();
    return messages.map((message, index) => Buffer.concat([Buffer.from(inOrder[index]!, 'latin1'), message]));
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all(this.signers.map((signer) => signer?.worker.terminate()));
  }

  private ask(index: number, job: Job): Promise<readonly string[]> {
    if (this.closed) return Promise.reject(failure());
    const signer = (this.signers[index] ??= this.started(index));
    const id = (this.lastId += 1);
    return new Promise((resolve, reject) => {
      signer.waiting.set(id, { resolve, reject });
      signer.worker.postMessage({ id, ...job } satisfies ToSign);
    });
  }

  private started(index: number): Signer {
    const file = new URL(`./dkim-worker${extname(import.meta.url)}`, import.meta.url);
    // Without what this process was started with: hooks that trace or compile make a thread's start slow.
    const worker = new Worker(file, { execArgv: [], name: `dkim-${index}` });
    const signer: Signer = { worker, waiting: new Map() };
    worker.on('message', ({ id, headers }: Signed) => {
      const waiting = signer.waiting.get(id);
      signer.waiting.delete(id);
      if (headers) waiting?.resolve(headers);
      else waiting?.reject(failure());
    });
    const ended = (): void => {
      if (this.signers[index] === signer) this.signers[index] = undefined;
      for (const { reject } of signer.waiting.values()) reject(failure());
      signer.waiting.clear();
    };
    worker.on('error', ended);
    worker.on('exit', ended);
    worker.unref();
    return signer;
  }
}

/** Before the first byte: what was to be signed waits and is tried again. */
function failure(): DomainError {
  return new DomainError('DKIM_SIGNING_FAILED', 'unavailable');
}
