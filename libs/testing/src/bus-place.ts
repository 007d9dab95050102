import { ConsentChanged, type contactsV1, type EventType, type TopicSpec } from '@heed/contracts';
import { type BusSettings, createEvents, type Events, type Quarantine, type RelayStep } from '@heed/events';
import { type Clock, systemClock } from '@heed/kernel';
import { Database, type Tx, UnitOfWork } from '@heed/postgres';
import { SignalsOff } from '@heed/signals';
import { logger } from '@heed/telemetry';

/** Where one bench is: enough for another process to join it. */
export interface BusPlace {
  kind: 'kafka' | 'embedded';
  brokers: string[];
  prefix: string;
  topic: TopicSpec;
  /** Databases of the service that tells and of the one that is told, without users. */
  telling: string;
  told: string;
  password: string;
}

export type Telling = contactsV1.ConsentChanged;

export const TELLER = 'contacts';
export const LISTENER = 'campaigns';
export const GROUP = `${LISTENER}.note`;

/** A real event type on a topic of the bench's own. */
export function typeOf(place: BusPlace, ordered = false): EventType<Telling> {
  return { ...ConsentChanged, topic: place.topic.name, producer: TELLER, ordered };
}

export interface Replica {
  events: Events;
  work: UnitOfWork;
  database: Database;
  /** Resolves when its group goes to quarantine. */
  quarantined: Promise<Quarantine>;
  stop(): Promise<void>;
}

/** One process' worth of a service on this bus. */
export function replicaOf(
  place: BusPlace,
  service: typeof TELLER | typeof LISTENER,
  { onRelayStep, clock = systemClock }: { onRelayStep?: (step: RelayStep) => unknown; clock?: Clock } = {},
): Replica {
  const url = service === TELLER ? place.telling : place.told;
  const database = new Database({ service, url, passwords: place.password });
  const work = new UnitOfWork(database);
  const bus: BusSettings =
    place.kind === 'kafka'
      ? { kind: 'kafka', brokers: place.brokers, prefix: place.prefix }
      : { kind: 'embedded', sources: { [TELLER]: place.telling }, passwords: place.password };
  let onQuarantine!: (found: Quarantine) => void;
  const quarantined = new Promise<Quarantine>((resolve) => (onQuarantine = resolve));
  const events = createEvents({
    ...{ service, bus, database, work, signals: new SignalsOff(), clock, onRelayStep },
    onQuarantine: ({ quarantine }) => quarantine && onQuarantine(quarantine),
    // Quiet, except for whoever looks for a fault: HEED_TEST_LOG=1.
    log: logger({ service }, process.env.HEED_TEST_LOG ? {} : { write: () => undefined }),
    topics: [place.topic],
  });
  let stopped: Promise<void> | undefined;
  return {
    ...{ events, work, database, quarantined },
    stop: () => (stopped ??= events.stop().then(() => database.close())),
  };
}

/** Writes down in its own database what it was told: the effect that must happen once. */
export async function note(
  tx: Tx,
  told: readonly { key: string; data: Telling; replayed: boolean }[],
  by: string,
): Promise<void> {
  await tx.execute(
    `insert into noted (tenant_id, entry_id, key, epoch, replayed, noted_by)
     select $1, n.*, $2 from unnest($3::uuid[], $4::uuid[], $5::bigint[], $6::boolean[]) n`,
    [
      tx.tenantId,
      by,
      told.map(({ data }) => data.entryId),
      told.map(({ key }) => key),
      told.map(({ data }) => data.epoch),
      told.map(({ replayed }) => replayed),
    ],
  );
}
