import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { Sealing } from '@heed/sealing';
import { LOGGER, type Logger } from '@heed/telemetry';
import { keepEvidence, type NewEntry } from './consent.store.js';

/** How long the answer to an opt-out waits for its evidence. */
const WAITS_MS = 500;

/** What was shown or said, sealed under the person's key. */
@Injectable()
export class Evidence {
  constructor(
    private readonly sealing: Sealing,
    private readonly uow: UnitOfWork,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async seal(
    tenantId: string,
    contactId: string,
    entryId: string,
    text: string,
  ): Promise<Buffer | undefined> {
    if (text === '') return undefined;
    const place = { table: 'consent_evidence', row: entryId, column: 'sealed' };
    return this.sealing.seal(tenantId, contactId, place, Buffer.from(text));
  }

  /**
   * For an opt-out that is committed already: it waits for no key, be the database of keys slow or away. Nor does its
   * answer for long; the evidence then follows by itself.
   */
  async follow(
    tenantId: string,
    entry: Pick<NewEntry, 'entryId' | 'contactId'>,
    text: string,
  ): Promise<void> {
    const answered = new AbortController();
    const patience = this.clock.wait(WAITS_MS, answered.signal).catch(() => undefined);
    await Promise.race([this.keep(tenantId, entry, text), patience]);
    answered.abort();
  }

  private async keep(
    tenantId: string,
    entry: Pick<NewEntry, 'entryId' | 'contactId'>,
    text: string,
  ): Promise<void> {
    try {
      const sealed = await this.seal(tenantId, entry.contactId, entry.entryId, text);
      if (!sealed) return;
      await this.uow.run(tenantId, (tx) => keepEvidence(tx, entry, sealed, this.clock.now()));
    } catch (error) {
      // Erased in this moment, or no key to be had: the opt-out stands without it.
      this.log.warn('the evidence of an opt-out is lost', { tenantId, contactId: entry.contactId, error });
    }
  }
}
