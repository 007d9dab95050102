import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { type contactsV1, OPT_OUT_CONFIRMATION, OptOutConfirmationDue } from '@heed/contracts';
import { Consumers, type IncomingEvent } from '@heed/events';
import { CLOCK, type Clock } from '@heed/kernel';
import { admitSubjects, type Tx } from '@heed/postgres';
import { Sealing } from '@heed/sealing';
import { metrics } from '@heed/telemetry';
import { AcceptDispatch } from '../dispatch/accept-dispatch.js';
import { type Dispatch } from '../dispatch/attempt.js';
import { MessageValuesStore, placeOfValues } from '../dispatch/message-values.store.js';
import { languageOf } from '../system-texts/languages.js';
import { switchedOff } from './confirmation-text.js';
import { KnownSenderStore } from './known-sender.store.js';

type Due = IncomingEvent<contactsV1.OptOutConfirmationDue>;

const unsent = metrics.counter('heed_confirmations_without_sender_total', {
  description: 'Opt-outs that are not confirmed, since their person was never written to from here',
});

/**
 * Opt-outs that the tenant has confirmed become attempts that wait, each under the id that contacts permits it by. Where
 * nobody has written to the person there is no sender whom they know, and their first mail is not one about mails.
 */
@Injectable()
export class AcceptConfirmationsConsumer implements OnModuleInit {
  constructor(
    private readonly consumers: Consumers,
    private readonly acceptDispatch: AcceptDispatch,
    private readonly senders: KnownSenderStore,
    private readonly values: MessageValuesStore,
    private readonly sealing: Sealing,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.consumers.add({
      event: OptOutConfirmationDue,
      group: 'messaging.confirmations',
      acting: true,
      handle: (tx, events) => this.handle(tx, events),
    });
  }

  async handle(tx: Tx, events: Due[]): Promise<void> {
    const people = events.map(({ data }) => data.contactId);
    const living = await admitSubjects(tx, people);
    const templates = await this.senders.lastTemplates(tx, people);
    const known = events.flatMap((event) => {
      const templateId = templates.get(event.data.contactId);
      return templateId === undefined ? [] : [{ event, dispatch: dispatchOf(event, templateId) }];
    });
    tx.afterCommit(() => unsent.add(events.length - known.length));
    const replayed = known.filter(({ event }) => event.replayed);
    await this.acceptDispatch.acceptReplayed(
      tx,
      replayed.map(({ dispatch }) => dispatch),
    );
    const fresh = known.filter(({ event }) => !event.replayed);
    await this.acceptDispatch.accept(
      tx,
      fresh.map(({ dispatch }) => dispatch),
    );
    await this.keepWhat(
      tx,
      fresh.flatMap(({ event: { data } }) => (living.has(data.contactId) ? [data] : [])),
    );
  }

  /** What was switched off, under the person's key until the attempt ends, as single messages keep what they say. */
  private async keepWhat(tx: Tx, due: readonly contactsV1.OptOutConfirmationDue[]): Promise<void> {
    const sealed = await this.sealing.sealMany(
      tx,
      due.map(({ contactId, attemptId, channel, purpose, language }) => ({
        ...{ subjectId: contactId, ...placeOfValues(attemptId) },
        plaintext: Buffer.from(
          JSON.stringify({ what: switchedOff({ channel, purpose }, languageOf(language)) }),
        ),
      })),
    );
    const values = due.flatMap(({ attemptId, contactId }, index) => {
      const seal = sealed[index];
      return seal ? [{ attemptId, contactId, sealed: seal }] : [];
    });
    await this.values.keep(tx, values, this.clock.now());
  }
}

/** The template is that of the last message: who sends is taken from it, and nothing else. */
function dispatchOf(
  { data: { attemptId, contactId, language }, traceparent }: Due,
  templateId: string,
): Dispatch {
  return {
    ...{ attemptId, contactId, templateId, language, traceparent },
    purpose: OPT_OUT_CONFIRMATION,
    ...{ intentId: '', campaignId: '', try: 1, step: 1, deferrals: 0 },
  };
}
