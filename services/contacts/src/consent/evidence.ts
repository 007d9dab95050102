import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, DomainError, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { Sealing } from '@heed/sealing';
import { LOGGER, type Logger } from '@heed/telemetry';
import { contactsById } from '../contacts/contact.store.js';

/** How long an opt-out waits for its evidence. */
const WAITS_MS = 500;

/** What was shown or said, sealed under the person's key before the transaction begins. */
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
    const place = { table: 'consent_entry', row: entryId, column: 'evidence' };
    return this.sealing.seal(tenantId, contactId, place, Buffer.from(text));
  }

  /**
   * For an opt-out, which is never refused and never late: without a key (nobody is known by the id, the person is
   * erased, the database of keys is away or slow) it stands without its evidence.
   */
  async sealIfPossible(
    tenantId: string,
    contactId: string,
    entryId: string,
    text: string,
  ): Promise<Buffer | undefined> {
    if (text === '') return undefined;
    const enough = new AbortController();
    const late = this.clock.wait(WAITS_MS, enough.signal).then(() => {
      throw new DomainError('EVIDENCE_TOO_SLOW', 'deadline-exceeded');
    });
    try {
      return await Promise.race([this.sealKnown(tenantId, contactId, entryId, text), late]);
    } catch (error) {
      this.log.warn('an opt-out is recorded without its evidence', { tenantId, contactId, error });
      return undefined;
    } finally {
      enough.abort();
      late.catch(() => undefined);
    }
  }

  private async sealKnown(
    tenantId: string,
    contactId: string,
    entryId: string,
    text: string,
  ): Promise<Buffer | undefined> {
    // Sealing makes a key for whoever has none: an id that somebody made up gets none.
    const known = await this.uow.run(tenantId, (tx) => contactsById(tx, [contactId]), {
      priority: 'consent',
    });
    return known.has(contactId) ? this.seal(tenantId, contactId, entryId, text) : undefined;
  }
}
