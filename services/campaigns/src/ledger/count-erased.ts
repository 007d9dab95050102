import { Injectable } from '@nestjs/common';
import { SpecialCases } from '@heed/data-rights';
import { ConcludeIntents } from './conclude-intents.js';

/** ATTACKS 7.4: what is open about a person is counted before their erasure cuts its ids off. */
@Injectable()
export class CountErased {
  constructor(special: SpecialCases, concludeIntents: ConcludeIntents) {
    special.addErasure({
      before: (tx, orders) =>
        concludeIntents.beforeErasure(
          tx,
          orders.flatMap((order) => order.subjectIds),
        ),
    });
  }
}
