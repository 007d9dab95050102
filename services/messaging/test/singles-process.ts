import { contactsV1, type messagingV1, OptOutConfirmationDue, topics } from '@heed/contracts';
import { type Consumers, type IncomingEvent, Outbox } from '@heed/events';
import { type Caller, type Clock } from '@heed/kernel';
import { type Database, UnitOfWork } from '@heed/postgres';
import { RequestReplay, type RpcClients } from '@heed/rpc';
import { Sealing } from '@heed/sealing';
import { AttemptPageStore } from '../src/attempts/attempt-page.store.js';
import { AcceptConfirmationsConsumer } from '../src/confirmations/accept-confirmations.consumer.js';
import { KnownSenderStore } from '../src/confirmations/known-sender.store.js';
import { AcceptDispatch } from '../src/dispatch/accept-dispatch.js';
import { AnnounceConclusions } from '../src/dispatch/announce-conclusions.js';
import { AttemptStore } from '../src/dispatch/attempt.store.js';
import { MessageValuesStore } from '../src/dispatch/message-values.store.js';
import { SendingTenantStore } from '../src/dispatch/sending-tenant.store.js';
import { WorkBell } from '../src/dispatch/work-bell.js';
import { CampaignTemplates } from '../src/sending/campaign-templates.js';
import { MessageRateStore } from '../src/singles/message-rate.store.js';
import { QueueMessage } from '../src/singles/queue-message.js';
import { SendMessage } from '../src/singles/send-message.js';
import { TrackingLinks } from '../src/tracking/tracking-links.js';
import { SenderProcess, type SenderWorld } from './sender-process.js';

type Asked = Pick<messagingV1.SendMessageRequest, 'requestId' | 'contactId' | 'purpose' | 'values'>;

/** One process of messaging as far as it is asked for single messages, and sends them. */
export class SinglesProcess {
  readonly sender: SenderProcess;
  private readonly uow: UnitOfWork;
  private readonly sending: SendMessage;
  private readonly confirmations: AcceptConfirmationsConsumer;
  private readonly templateId: string;

  constructor(main: Database, keys: Database, world: SenderWorld, clock: Clock) {
    this.sender = new SenderProcess(main, keys, world, clock);
    this.templateId = world.template.templateId;
    const uow = (this.uow = new UnitOfWork(main));
    const sealing = new Sealing({ keys: new UnitOfWork(keys), main: uow, kms: world.kms, clock });
    const [values, tenants] = [new MessageValuesStore(), new SendingTenantStore()];
    const outbox = new Outbox({ service: 'messaging', topics, clock, committed: () => undefined });
    const announce = new AnnounceConclusions(outbox, values);
    const accept = new AcceptDispatch(new AttemptStore(), tenants, announce, new WorkBell(), clock);
    const others = {
      getTemplate: () => Promise.resolve({ template: world.template }),
      explainPermit: () => Promise.resolve(contactsV1.ExplainPermitResponse.fromPartial({})),
    };
    const rpc = { of: () => others } as unknown as RpcClients;
    const links = new TrackingLinks(sealing, uow, tenants, { HEED_TRACKING_URL: undefined });
    const queue = new QueueMessage(
      ...([uow, new RequestReplay(clock), accept, new AttemptPageStore(), values] as const),
      ...([new MessageRateStore(), { HEED_MESSAGES_PER_MINUTE: 60 }, clock] as const),
    );
    this.sending = new SendMessage(new CampaignTemplates(rpc, links), sealing, queue, rpc);
    this.confirmations = new AcceptConfirmationsConsumer(
      ...([{} as Consumers, accept, new KnownSenderStore(), values, sealing, clock] as const),
    );
  }

  /** The id of the attempt that it became. */
  async send(caller: Caller, asked: Asked): Promise<string> {
    const { attempt } = await this.sending.send(caller, { ...asked, templateId: this.templateId });
    return attempt!.attemptId;
  }

  /** As the inbox does: that it was handled stands in the handler's own transaction. */
  async deliver(eventId: string, tenantId: string, data: contactsV1.OptOutConfirmationDue): Promise<void> {
    const event = { id: eventId, type: OptOutConfirmationDue.name, tenantId, data, replayed: false };
    await this.uow.run(tenantId, async (tx) => {
      const isNew = await tx.execute(
        `insert into heed.inbox (consumer, event_id, received_at) values ('messaging.confirmations', $1, $2)
         on conflict do nothing`,
        [eventId, new Date(0)],
      );
      if (isNew === 1) await this.confirmations.handle(tx, [event as IncomingEvent<typeof data>]);
    });
  }
}
