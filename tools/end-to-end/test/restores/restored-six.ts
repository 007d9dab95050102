import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SETTINGS, type FrameSettings } from '@heed/config';
import { type ServiceName, SERVICES } from '@heed/contracts';
import { MANIFEST, type Manifest } from '@heed/data-map';
import { applyTopics, Consumers } from '@heed/events';
import { newId, systemClock } from '@heed/kernel';
import { openObjectStore } from '@heed/objects';
import { brokenPromises, testParts } from '@heed/testing';
import { Kafka, logLevel, type Admin } from 'kafkajs';
import { type BackupRecord, type ObjectFile } from '../../../launcher/src/backup/backup-record.js';
import { copyObjects, restoreObjects } from '../../../launcher/src/backup/copy-objects.js';
import { demandLog } from '../../../launcher/src/backup/demand-log.js';
import { dumpDatabase } from '../../../launcher/src/backup/dump-database.js';
import { type Installation } from '../../../launcher/src/backup/installation.js';
import { loadDatabase } from '../../../launcher/src/backup/load-database.js';
import { markRestored } from '../../../launcher/src/backup/mark-restored.js';
import pg from 'pg';
import { AskWitnesses } from '../../../../services/privacy/src/log/ask-witnesses.js';
import { rowsOf } from '../tenants/rows-of.js';
import { SixServices } from '../world/six-services.js';

/** One folder a service, as `npm run backup` makes them. */
export interface Backup {
  folder: string;
  records: Map<ServiceName, BackupRecord>;
}

/** Who keeps the erasure ledger comes first, then who verifies: as `heed resync all` does. */
const IN_ORDER: readonly ServiceName[] = [
  'privacy',
  'identity',
  'contacts',
  'campaigns',
  'messaging',
  'telephony',
];

/**
 * All six, over Kafka where this machine has it, backed up and put back by the very functions that `npm run backup` and
 * `npm run restore` call. A database is filled where it stands: what stands in its place under another name is tried by
 * the launcher's own specs.
 */
export class RestoredSix extends SixServices {
  private readonly folder = mkdtempSync(join(tmpdir(), 'heed-restores-'));
  private readonly prefix = `heed-restores-${newId()}.`;
  private brokers: string[] | undefined;
  private backups = 0;

  override async start(): Promise<void> {
    const { kafka } = await testParts('postgres', 'kafka');
    this.brokers = kafka?.brokers;
    if (kafka) await applyTopics({ brokers: kafka.brokers, prefix: this.prefix });
    await super.start({
      HEED_OFFSITE: pathToFileURL(join(this.folder, 'offsite')).href,
      ...(kafka && {
        ...{ HEED_BUS: 'kafka', KAFKA_BROKERS: kafka.brokers.join(','), HEED_TOPIC_PREFIX: this.prefix },
      }),
    });
  }

  override async stop(): Promise<void> {
    await super.stop();
    await this.removeTopics();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** While they serve. */
  async backUp(): Promise<Backup> {
    this.backups += 1;
    const folder = join(this.folder, `backup-${this.backups}`);
    const records: [ServiceName, BackupRecord][] = [];
    for (const service of SERVICES) {
      const takenAt = systemClock.now().toISOString();
      const database = await dumpDatabase(
        this.cluster.database(service).urlOf('backup'),
        join(folder, service, 'database'),
      );
      const objects: ObjectFile[] = await copyObjects(
        await this.objectsOf(service),
        this.prefixesOf(service),
        join(folder, service, 'objects'),
      );
      const common = { format: 'heed-backup/1', kind: 'main', backupId: String(this.backups) } as const;
      records.push([service, { ...common, service, takenAt, database, objects }]);
    }
    return { folder, records: new Map(records) };
  }

  /** Killed, put back to what the backup holds, and started: in quarantine. */
  async putBack({ folder, records }: Backup, ...services: ServiceName[]): Promise<void> {
    const objects = new Map(
      await Promise.all(
        services.map(async (service) => {
          const place = { store: await this.objectsOf(service), prefixes: this.prefixesOf(service) };
          return [service, place] as const;
        }),
      ),
    );
    await Promise.all(services.map((service) => this.cluster.service(service).kill()));
    for (const service of services) {
      const record = records.get(service)!;
      const { superuserUrl } = this.cluster.database(service);
      await loadDatabase(superuserUrl, join(folder, service, 'database'), record.database);
      await this.asSuperuser(service, (client) => markRestored(client, record));
      const { store, prefixes } = objects.get(service)!;
      await restoreObjects(store, prefixes, join(folder, service, 'objects'), record.objects);
    }
    // The others verify by what identity publishes: it comes up first, as under the launcher.
    for (const service of IN_ORDER.filter((name) => services.includes(name)))
      await this.cluster.restart(service);
  }

  /** As `heed resync SERVICE` asks for it; resolves once all of them serve. */
  async resync(...services: ServiceName[]): Promise<void> {
    for (const service of IN_ORDER.filter((name) => services.includes(name))) {
      await this.askForResync(service);
      await this.cluster.service(service).opened;
    }
  }

  async askForResync(service: ServiceName): Promise<void> {
    await rowsOf(this, service, 'update heed.quarantine set resync_asked_at = clock_timestamp()');
  }

  /** Why a consumer of a service that catches up cannot go on. */
  async standsStillFor(service: ServiceName): Promise<string | undefined> {
    const consumers = this.cluster.service(service).get(Consumers);
    for (;;) {
      const stuck = consumers.states().find(({ state }) => state === 'quarantined');
      if (stuck) return stuck.quarantine?.reason;
      await systemClock.wait(50);
    }
  }

  /** Everything that was written for off site is there. */
  async copiedOffsite(): Promise<void> {
    for (const service of ['contacts', 'privacy'] as const)
      while ((await rowsOf(this, service, 'select 1 from heed.offsite_due limit 1')).length > 0)
        await systemClock.wait(50);
  }

  /** So many services have answered this request. */
  async answered(requestId: string, services: number): Promise<void> {
    const sql = `select distinct g.service from subject_order o join opening g using (tenant_id, order_id)
      where o.request_id = $1`;
    while ((await rowsOf(this, 'privacy', sql, [requestId])).length < services) await systemClock.wait(50);
  }

  /** Every service has countersigned the log as it is. */
  async witnessed(): Promise<void> {
    while (!(await this.cluster.service('privacy').get(AskWitnesses).round())) await systemClock.wait(50);
  }

  /** The oracle: what `heed check` finds. */
  check(): Promise<string[]> {
    return brokenPromises(...SERVICES.map((name) => this.cluster.database(name)));
  }

  /** As the launcher reads them from the manifest. */
  private prefixesOf(service: ServiceName): string[] {
    const { stores } = this.cluster.service(service).get<Manifest>(MANIFEST);
    return stores.filter(({ kind }) => kind === 'object').map(({ name }) => `${name}/`.toLowerCase());
  }

  private async objectsOf(service: ServiceName): Promise<Awaited<ReturnType<typeof openObjectStore>>> {
    return openObjectStore(this.cluster.service(service).get<FrameSettings>(SETTINGS).HEED_OBJECTS);
  }

  private async asSuperuser(
    service: ServiceName,
    work: (client: pg.Client) => Promise<unknown>,
  ): Promise<void> {
    const client = new pg.Client({ connectionString: this.cluster.database(service).superuserUrl });
    await client.connect();
    try {
      await work(client);
    } finally {
      await client.end();
    }
  }

  /** Whether there are topics beside the databases. */
  get hasTopics(): boolean {
    return this.brokers !== undefined;
  }

  /** Until a service has read further in a topic than this; answers how far. */
  async readBeyond(service: ServiceName, topic: string, place = 0): Promise<number> {
    const sql = `select coalesce(sum(position::bigint), 0)::int as place from heed.inbox_cursor where topic = $1`;
    for (;;) {
      const [now] = await rowsOf<{ place: number }>(this, service, sql, [topic]);
      if (now!.place > place) return now!.place;
      await systemClock.wait(50);
    }
  }

  /** As retention does: everything that a topic holds by now is gone. */
  async cutOff(topic: string): Promise<void> {
    await this.asAdmin(async (admin) => {
      const name = this.prefix + topic;
      const partitions = (await admin.fetchTopicOffsets(name)).map(({ partition, high }) => ({
        partition,
        offset: high,
      }));
      await admin.deleteTopicRecords({ topic: name, partitions });
    });
  }

  async makeAnew(topic: string): Promise<void> {
    const name = this.prefix + topic;
    await this.asAdmin(async (admin) => {
      await admin.deleteTopics({ topics: [name] });
      while ((await admin.listTopics()).includes(name)) await systemClock.wait(50);
    });
    await applyTopics({ brokers: this.brokers!, prefix: this.prefix });
  }

  /** What `npm run restore` demands before it touches anything. */
  async demandLog({ folder, records }: Backup, service: ServiceName): Promise<void> {
    const kafka = { brokers: this.brokers!, prefix: this.prefix };
    const installation = { kafka: () => Promise.resolve(kafka) } as Pick<
      Installation,
      'kafka'
    > as Installation;
    await demandLog(installation, [service], {
      record: records.get(service)!,
      folder: join(folder, service),
    });
  }

  private async removeTopics(): Promise<void> {
    if (!this.hasTopics) return;
    await this.asAdmin(async (admin) => {
      const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(this.prefix));
      await admin.deleteTopics({ topics });
    });
  }

  private async asAdmin(work: (admin: Admin) => Promise<void>): Promise<void> {
    const admin = new Kafka({
      ...{ clientId: 'heed-restores', brokers: this.brokers!, logLevel: logLevel.NOTHING },
    }).admin();
    await admin.connect();
    try {
      await work(admin);
    } finally {
      await admin.disconnect();
    }
  }
}
