import { Injectable, type OnModuleInit } from '@nestjs/common';
import { SpecialCases, type SpecialErasure } from '@heed/data-rights';
import { DomainError } from '@heed/kernel';
import { type Tx } from '@heed/postgres';
import { InboundMailStore } from '../inbound/inbound-mail.store.js';
import { InboundWork } from '../inbound/inbound-work.js';
import { ResolveDoubt } from '../inbound/resolve-doubt.js';

type Orders = Parameters<NonNullable<SpecialErasure['before']>>[1];

/**
 * What came back by mail and is not handled yet may be a no, which outlives whoever said it: it is handled before they
 * go, and so is what nobody is known to have written, since it may be theirs (ATTACKS 5.9).
 */
@Injectable()
export class DrainMails implements SpecialErasure, OnModuleInit {
  constructor(
    private readonly special: SpecialCases,
    private readonly mails: InboundMailStore,
    private readonly doubts: ResolveDoubt,
    private readonly work: InboundWork,
  ) {}

  onModuleInit(): void {
    this.special.addErasure(this);
  }

  /** A doubt about somebody who goes is nobody's to decide later: others may share the address. Do not send. */
  async ready(tx: Tx, orders: Orders): Promise<boolean> {
    const subjects = subjectsOf(orders);
    for (const mailId of await this.mails.undecidedOf(tx, subjects)) {
      await this.doubts.resolve(tx, mailId, 'opt_out');
    }
    return !(await this.mails.anyOpenOf(tx, subjects)) && !(await this.mails.anyOpenOfNobody(tx));
  }

  /** contacts is told of each under the mail's id: what it has recorded already changes nothing. */
  async hasten(): Promise<void> {
    await this.work.due.runDue();
  }

  /** One that came in since: their row is locked, so it is the last. */
  async before(tx: Tx, orders: Orders): Promise<void> {
    const subjects = subjectsOf(orders);
    const undecided = await this.mails.undecidedOf(tx, subjects);
    if (undecided.length === 0 && !(await this.mails.anyOpenOf(tx, subjects))) return;
    throw new DomainError('MAILS_NOT_DRAINED', 'unavailable', {
      message: 'a mail came back a moment ago: the erasure is tried again once it is handled',
    });
  }
}

function subjectsOf(orders: Orders): string[] {
  return orders.flatMap(({ subjectIds }) => subjectIds);
}
