import { Inject, Injectable } from '@nestjs/common';
import { type DueItem } from '@heed/data-rights';
import { CLOCK, isDomainError, type Clock } from '@heed/kernel';
import { lockSubjects, UnitOfWork, type Tx } from '@heed/postgres';
import { metrics } from '@heed/telemetry';
import { HearReports } from '../bounces/hear-reports.js';
import { DenyStore } from './deny.store.js';
import { InboundMailStore } from './inbound-mail.store.js';
import { type InboundMail } from './inbound-mail.js';
import { RecordHeardOptOut } from './record-heard-opt-out.js';
import { AFTERWARDS_MS } from './standing-denials.js';

const handled = metrics.counter('heed_inbound_mails_handled_total', {
  description: 'Mails that came back and were handled, by what they are and what became of them',
});

/**
 * What follows from a mail that was taken in. Each is handled once: what it changes here, and that it is done, is one
 * commit; what it changes at contacts bears the mail's id, under which contacts does it once.
 */
@Injectable()
export class HandleMail {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly mails: InboundMailStore,
    private readonly denies: DenyStore,
    private readonly reports: HearReports,
    private readonly optOuts: RecordHeardOptOut,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async handle(item: DueItem): Promise<void> {
    const { tenantId, ref: mailId } = item;
    const mail = await this.uow.run(tenantId, (tx) => this.mails.find(tx, mailId));
    // Erased meanwhile, or handled by one whose claim ran out.
    if (!mail || mail.isHandled) return this.uow.run(tenantId, (tx) => item.done(tx));
    const outcome = mail.kind === 'bounce' ? 'read' : await this.record(tenantId, mail);
    await this.uow.run(tenantId, (tx) => this.finish(tx, item, mail, outcome));
  }

  /** Throws while contacts cannot be reached: the work comes again, and the denial stands until then. */
  private async record(tenantId: string, mail: InboundMail): Promise<string> {
    try {
      await this.optOuts.record(tenantId, mail);
      return 'recorded';
    } catch (error) {
      // Nothing in it names anybody that contacts could know: neither person nor address nor message.
      if (isDomainError(error) && error.kind === 'invalid-argument') return 'unresolvable';
      if (isDomainError(error, 'LINK_INVALID')) return 'unresolvable';
      // Recorded before a crash, and since then less is known to say the same with.
      if (isDomainError(error, 'REQUEST_ID_REUSED')) return 'recorded';
      throw error;
    }
  }

  private async finish(tx: Tx, item: DueItem, mail: InboundMail, outcome: string): Promise<void> {
    const at = this.clock.now();
    const { mailId, contactId, attemptId, kind } = mail;
    const living = await lockSubjects(tx, [contactId]);
    if (living.has(contactId)) {
      if (mail.isKnown && attemptId !== undefined) await this.tell(tx, attemptId, mail, at);
      await this.mails.handled(tx, mailId, at);
    }
    if (kind !== 'bounce') await this.denies.end(tx, mailId, new Date(at.getTime() + AFTERWARDS_MS));
    await item.done(tx);
    tx.afterCommit(() => handled.add(1, { kind, outcome }));
  }

  private async tell(tx: Tx, attemptId: string, { delivery, code }: InboundMail, at: Date): Promise<void> {
    await this.reports.wasSent(tx, attemptId, at);
    if (delivery) await this.reports.hear(tx, { attemptId, delivery, code }, at);
  }
}
