import { Inject, Injectable } from '@nestjs/common';
import { contactsV1, typesV1 } from '@heed/contracts';
import { CLOCK, isDomainError, newId, type Clock } from '@heed/kernel';
import { RpcClients } from '@heed/rpc';
import { Sealing } from '@heed/sealing';
import { LOGGER, metrics, type Logger } from '@heed/telemetry';
import { type HeardOptOut } from './heard-opt-out.store.js';
import { placeOfWords, read } from './heard-words.js';
import { type CalledNumber, type Said } from './said-in-call.js';

const { CONSENT_SOURCE_KEY, CONSENT_SOURCE_CARRIER } = contactsV1.ConsentSource;
const TIMEOUT_MS = 5_000;
const AGAIN_MS = 1_000;
/** Of those whose row may not be: more than these are lost with the process anyway. */
const MOST_NUMBERS = 1_000;

const numbers = metrics.counter('heed_opt_outs_of_numbers_total', {
  description: 'Opt-outs of people who were being erased while they said it, by whether contacts has them',
});

/** Not by voice any more, whatever it is about; and nobody else who has this number either. */
@Injectable()
export class TellContacts {
  private readonly stopping = new AbortController();
  private waiting = 0;

  constructor(
    private readonly clients: RpcClients,
    private readonly sealing: Sealing,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Also where contacts has erased the person by now: telephony erases nobody before this is told (EndCalls). */
  async record(tenantId: string, heard: HeardOptOut, endpointHash: Buffer | undefined): Promise<void> {
    const { heardId, contactId, endpointId, heardAt } = heard;
    const { source, said } = await this.saidBy(tenantId, heard);
    const number = endpointId
      ? { contactId, endpointId, endpointHash: endpointHash ?? Buffer.alloc(0) }
      : undefined;
    await this.send(tenantId, { requestId: heardId, contactId, source, said, heardAt }, number);
  }

  /**
   * Of somebody whom the row of their call does not name any more. It is tried for as long as this process lives, and
   * stands nowhere: a row about somebody who is erased is none that may be written.
   */
  tellOfNumber(tenantId: string, number: CalledNumber, said: Said, heardAt: Date): void {
    if (this.waiting >= MOST_NUMBERS) return numbers.add(1, { state: 'dropped' });
    this.waiting += 1;
    void this.untilTold(tenantId, number, said, heardAt).finally(() => (this.waiting -= 1));
  }

  stop(): void {
    this.stopping.abort();
  }

  private async untilTold(tenantId: string, number: CalledNumber, said: Said, heardAt: Date): Promise<void> {
    const { signal } = this.stopping;
    const requestId = newId();
    const { contactId } = number;
    while (!signal.aborted) {
      try {
        await this.send(tenantId, { requestId, contactId, ...plainly(said), heardAt }, number);
        return numbers.add(1, { state: 'recorded' });
      } catch (error) {
        this.log.warn('contacts did not take an opt-out of a number', { tenantId, error });
        await this.clock.wait(AGAIN_MS, signal).catch(() => undefined);
      }
    }
    numbers.add(1, { state: 'lost' });
  }

  private async saidBy(
    tenantId: string,
    { heardId, contactId, key, sipStatus, words }: HeardOptOut,
  ): Promise<{ source: contactsV1.ConsentSource; said: string }> {
    if (!words) return plainly(key === null ? { sipStatus: sipStatus! } : { key });
    // Kept while no key was to be had.
    if (words.length === 0) return { source: CONSENT_SOURCE_KEY, said: 'said so in a call' };
    try {
      const opened = await this.sealing.open(tenantId, contactId, placeOfWords(heardId), words);
      const { readings, atMs } = read(opened);
      const [heard] = readings;
      return {
        source: CONSENT_SOURCE_KEY,
        said: `said "${heard}" ${Math.round(atMs / 1_000)} s into a call`,
      };
    } catch (error) {
      // The no counts though nobody can read its words any more.
      if (!isDomainError(error, 'KEY_DESTROYED'))
        this.log.error('the words of an opt-out could not be opened', { tenantId, error });
      return { source: CONSENT_SOURCE_KEY, said: 'said so in a call' };
    }
  }

  private async send(
    tenantId: string,
    heard: {
      requestId: string;
      contactId: string;
      source: contactsV1.ConsentSource;
      said: string;
      heardAt: Date;
    },
    number: CalledNumber | undefined,
  ): Promise<void> {
    const { requestId, contactId, source, said, heardAt } = heard;
    await this.clients.of(contactsV1.ConsentServiceService, 'contacts').recordOptOut(
      {
        ...{ requestId, contactId, channel: typesV1.Channel.CHANNEL_VOICE, purpose: '', sender: '', source },
        evidence: `${said} at ${heardAt.toISOString()}`,
        heardFrom: number && {
          ...{ endpointId: number.endpointId ?? '', endpointHash: number.endpointHash },
          ...{ optOutToken: '', address: '' },
        },
      },
      { tenantId, timeoutMs: TIMEOUT_MS },
    );
  }
}

function plainly(said: Said): { source: contactsV1.ConsentSource; said: string } {
  if ('key' in said) return { source: CONSENT_SOURCE_KEY, said: `pressed ${said.key} in a call` };
  if ('sipStatus' in said)
    return { source: CONSENT_SOURCE_CARRIER, said: `answered a call with SIP ${said.sipStatus}` };
  return { source: CONSENT_SOURCE_KEY, said: 'said so in a call' };
}
