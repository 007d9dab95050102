import { Injectable } from '@nestjs/common';
import { CallConcluded } from '@heed/contracts';
import { Consumers } from '@heed/events';
import { ConcludeIntents } from './conclude-intents.js';
import { wordsOf } from './sender-words.js';

/** telephony says how calls ended, or that they could not begin yet. */
@Injectable()
export class CallConcludedConsumer {
  constructor(consumers: Consumers, concludeIntents: ConcludeIntents) {
    consumers.add({
      event: CallConcluded,
      group: 'campaigns.conclude-calls',
      handle: async (tx, events) => {
        const { ends, deferrals } = wordsOf(events.map(({ data }) => data));
        await concludeIntents.asSendersSay(tx, ends, deferrals);
      },
    });
  }
}
