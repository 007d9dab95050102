import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '@heed/kernel';
import { type Tx } from '@heed/postgres';
import { DenyStore } from './deny.store.js';
import { InboundMailStore } from './inbound-mail.store.js';
import { InboundWork } from './inbound-work.js';

export type Decision = 'opt_out' | 'not_an_opt_out';

/** Ends a doubt: by a person, by its time running out, or because whoever wrote is to be erased. */
@Injectable()
export class ResolveDoubt {
  constructor(
    private readonly mails: InboundMailStore,
    private readonly denies: DenyStore,
    private readonly work: InboundWork,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** False: it was decided before. An opt-out denies on until contacts has it. */
  async resolve(tx: Tx, mailId: string, decision: Decision, by?: string): Promise<boolean> {
    const at = this.clock.now();
    if (!(await this.mails.decide(tx, mailId, { decision, by, at }))) return false;
    if (decision === 'opt_out') {
      await this.denies.becomesOptOut(tx, mailId, at);
      await this.work.add(tx, mailId);
    } else {
      await this.denies.end(tx, mailId, at);
    }
    return true;
  }
}
