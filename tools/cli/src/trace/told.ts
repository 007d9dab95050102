import { type ServiceName, SERVICES, eventTypes } from '@heed/contracts';
import { type Clients } from './belonging.js';
import { type Moment, type Traced } from './moment.js';

interface OutboxRow {
  id: string;
  type: string;
  topic: string;
  occurred_at: Date;
  traceparent: string | null;
  payload: Buffer;
}

/** What services told each other about the people concerned, and when each consumer had taken it in. */
export async function told(clients: Clients, traced: Traced, ofContact: boolean): Promise<Moment[]> {
  const published = (
    await Promise.all(SERVICES.map((service) => publishedBy(clients, service, traced, ofContact)))
  ).flat();
  const ids = published.map(({ ids: { event } }) => event!);
  if (ids.length === 0) return published;
  const taken = await Promise.all(SERVICES.map((service) => takenBy(clients, service, ids)));
  return [...published, ...taken.flat()];
}

async function publishedBy(
  clients: Clients,
  service: ServiceName,
  traced: Traced,
  ofContact: boolean,
): Promise<Moment[]> {
  const { rows } = await clients[service].query<OutboxRow>(
    `select id, type, topic, occurred_at, traceparent, payload from heed.outbox where subject = any ($1)`,
    [[...traced.contacts]],
  );
  return rows
    .filter((row) => ofContact || concerns(row, traced))
    .map(({ id, type, topic, occurred_at: at, traceparent }) => ({
      at,
      service,
      from: 'heed.outbox',
      what: `told ${topic}: ${type.split('.').at(-1)}`,
      ids: { event: id, ...(traceparent && { trace: traceparent.split('-')[1]! }) },
    }));
}

/** An event about another attempt for the same person is no part of this one's story. */
function concerns({ type, payload }: OutboxRow, traced: Traced): boolean {
  const codec = eventTypes.find(({ name }) => name === type)?.codec;
  if (!codec) return false;
  const data = codec.decode(payload) as { intentId?: string; attemptId?: string };
  if (data.attemptId !== undefined && traced.attempts.has(data.attemptId)) return true;
  if (data.intentId !== undefined) return traced.intents.has(data.intentId);
  return data.attemptId === undefined;
}

async function takenBy(clients: Clients, service: ServiceName, eventIds: string[]): Promise<Moment[]> {
  const { rows } = await clients[service].query<{ consumer: string; event_id: string; received_at: Date }>(
    'select consumer, event_id, received_at from heed.inbox where event_id = any ($1)',
    [eventIds],
  );
  return rows.map(({ consumer, event_id: event, received_at: at }) => ({
    at,
    service,
    from: 'heed.inbox',
    what: `taken in by ${consumer}`,
    ids: { event },
  }));
}
