import { Injectable } from '@nestjs/common';
import { EngagementRecorded } from '@heed/contracts';
import { Consumers } from '@heed/events';
import { addEngagements } from './engagement.store.js';

/** Opens and clicks, added to the counters of their step. Each is told once and handled once: no person is kept. */
@Injectable()
export class EngagementRecordedConsumer {
  constructor(consumers: Consumers) {
    consumers.add({
      event: EngagementRecorded,
      group: 'campaigns.engagements',
      handle: (tx, events) =>
        addEngagements(
          tx,
          events.map(({ data }) => data),
        ),
    });
  }
}
