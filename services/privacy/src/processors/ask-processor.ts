import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS } from '@heed/config';
import { CLOCK, type Clock } from '@heed/kernel';
import { type PrivacySettings } from '../settings.js';
import {
  discovery,
  erasureRequest,
  json,
  problemOfSignature,
  wordOfStatus,
  wordOfTaken,
  type HttpAnswer,
  type Identifier,
  type Problem,
} from './opendsr.js';
import { type Processor, type ProcessorOrder, type ProcessorWord } from './processor.js';

const TIMEOUT_MS = 10_000;
const MOST_BYTES = 64 * 1024;

/**
 * Passes an erasure on by the processor's own deletion API (OpenDSR 2.0 over HTTP), and asks how far it has come. Whatever
 * does not bear the signature of the certificate that an operator has put down for it is no answer.
 */
@Injectable()
export class AskProcessor {
  private readonly ourDomain: string;
  private readonly tokens: ReadonlyMap<string, string>;

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) settings: PrivacySettings,
  ) {
    this.ourDomain = settings.HEED_LOG_ORIGIN.split('/')[0]!;
    this.tokens = settings.HEED_PROCESSOR_TOKENS;
  }

  /**
   * Asked for first: a process that died after it was told, and a database that was put back, know nothing of it, and an
   * order is passed on once.
   */
  async tell(
    processor: Processor,
    order: ProcessorOrder,
    known: readonly Identifier[],
  ): Promise<ProcessorWord | Problem> {
    const there = await this.status(processor, order);
    if (there !== 'NOT_KNOWN_THERE') return there;
    const takes = await this.call(processor, 'GET', '/discovery');
    if (typeof takes === 'string') return takes;
    const supported = discovery.safeParse(json(takes.body));
    if (takes.status !== 200 || !supported.success) return 'ANSWER_MALFORMED';
    if (!supported.data.supported_subject_request_types.includes('erasure')) return 'NOT_SUPPORTED';
    if (known.length === 0) return 'NO_IDENTITY';
    const body = erasureRequest(processor, order, known, supported.data, this.ourDomain);
    if (!body) return 'NOT_SUPPORTED';
    const answer = await this.call(processor, 'POST', '/requests', body);
    if (typeof answer === 'string') return answer;
    if (answer.status !== 201) return answer.status >= 500 ? 'UNREACHABLE' : 'REFUSED';
    return (
      problemOfSignature(processor, answer, this.clock.now()) ??
      wordOfTaken(answer, body, order.processorOrderId)
    );
  }

  async status(processor: Processor, { processorOrderId }: ProcessorOrder): Promise<ProcessorWord | Problem> {
    const answer = await this.call(processor, 'GET', `/requests/${processorOrderId}`);
    if (typeof answer === 'string') return answer;
    if (answer.status === 404 || answer.status === 400) return 'NOT_KNOWN_THERE';
    if (answer.status !== 200) return answer.status >= 500 ? 'UNREACHABLE' : 'REFUSED';
    return problemOfSignature(processor, answer, this.clock.now()) ?? wordOfStatus(answer, processorOrderId);
  }

  private async call(
    { url }: Processor,
    method: 'GET' | 'POST',
    path: string,
    body?: Buffer,
  ): Promise<HttpAnswer | Problem> {
    // By whom it is for: a store may be told by somebody else tomorrow.
    const token = this.tokens.get(new URL(url).origin);
    try {
      const response = await fetch(`${url.replace(/\/+$/, '')}${path}`, {
        method,
        // An address that was redirected would be handed to somebody whom nobody has put down.
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: {
          accept: 'application/json',
          ...(body && { 'content-type': 'application/json' }),
          ...(token && { authorization: `Bearer ${token}` }),
        },
        ...(body && { body: new Uint8Array(body) }),
      });
      const read = await readAtMost(response, MOST_BYTES);
      if (!read) return 'ANSWER_TOO_LONG';
      return {
        ...{ status: response.status, body: read },
        domain: response.headers.get('x-opendsr-processor-domain'),
        signature: response.headers.get('x-opendsr-signature'),
      };
    } catch {
      return 'UNREACHABLE';
    }
  }
}

async function readAtMost(response: Response, most: number): Promise<Buffer | undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > most) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}
