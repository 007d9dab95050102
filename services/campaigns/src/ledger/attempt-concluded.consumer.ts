import { Injectable } from '@nestjs/common';
import { AttemptConcluded } from '@heed/contracts';
import { Consumers } from '@heed/events';
import { ConcludeIntents } from './conclude-intents.js';
import { wordsOf } from './sender-words.js';

/** messaging says how attempts ended, or that they could not begin yet. */
@Injectable()
export class AttemptConcludedConsumer {
  constructor(consumers: Consumers, concludeIntents: ConcludeIntents) {
    consumers.add({
      event: AttemptConcluded,
      group: 'campaigns.conclude',
      handle: async (tx, events) => {
        const { ends, deferrals } = wordsOf(events.map(({ data }) => data));
        await concludeIntents.asSendersSay(tx, ends, deferrals);
      },
    });
  }
}
