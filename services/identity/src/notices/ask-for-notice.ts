import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS } from '@heed/config';
import { MemberMessageRequested } from '@heed/contracts';
import { Outbox } from '@heed/events';
import { CLOCK, newId, NIL_UUID, type Clock } from '@heed/kernel';
import { type Tx } from '@heed/postgres';
import { type IdentitySettings } from '../settings.js';
import { insertNotice } from './member-notice.store.js';
import { WIRE_NOTICE, worthTellingUntil, type Notice } from './notice.js';

/**
 * Asks messaging to write to a member, in the transaction of what they are told about: nothing is told that did not
 * happen, and nothing that happened is lost. The event names them and no more.
 */
@Injectable()
export class AskForNotice {
  constructor(
    private readonly outbox: Outbox,
    @Inject(SETTINGS) private readonly settings: Pick<IdentitySettings, 'HEED_ACCOUNT_URL'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** False: there is no page that a link could lead to. The operator stands outside tenants, and is sent none. */
  isPossibleFor(tenantId: string): boolean {
    return this.settings.HEED_ACCOUNT_URL !== undefined && tenantId !== NIL_UUID;
  }

  async ask(tx: Tx, memberId: string, notice: Notice): Promise<void> {
    if (!this.isPossibleFor(tx.tenantId)) return;
    const requestedAt = this.clock.now();
    const messageId = newId();
    await insertNotice(tx, {
      ...{ messageId, memberId, notice, requestedAt },
      expiresAt: worthTellingUntil(notice, requestedAt),
    });
    await this.outbox.add(tx, MemberMessageRequested, {
      ...{ messageId, memberId, notice: WIRE_NOTICE[notice] },
      requestedAt: requestedAt.toISOString(),
    });
  }
}
