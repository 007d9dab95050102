import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { privacyV1, type ServiceName } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { addSubjects, UnitOfWork } from '@heed/postgres';
import { Sealing } from '@heed/sealing';
import { type ServiceDefinition } from '@heed/service';
import { type Cluster, startCluster } from '@heed/testing/cluster';
import pg from 'pg';
import { privacy } from '../src/index.js';
import { people } from './people/people.js';

const { RequestsServiceService, LogServiceService, Right } = privacyV1;

/** privacy whole, with stand-ins for those who must answer, over real gRPC and the bus. */
export class Town {
  readonly tenantId = newId();

  private constructor(readonly cluster: Cluster) {}

  static open(...others: ServiceDefinition[]): Promise<Town> {
    return Town.openWith({}, ...others);
  }

  static async openWith(env: Record<string, string>, ...others: ServiceDefinition[]): Promise<Town> {
    const definitions = [privacy, people, ...others];
    const cluster = await startCluster(definitions, {
      env: { HEED_ANSWERING_SERVICES: definitions.map(({ name }) => name).join(','), ...env },
    });
    const town = new Town(cluster);
    await town.until(
      () => town.sql('privacy', 'select distinct service from manifest'),
      (known) => known.length === definitions.length,
    );
    return town;
  }

  close(): Promise<void> {
    return this.cluster.stop();
  }

  async officer(tenantId = this.tenantId) {
    return (await this.cluster.asMember('privacy', { tenantId, roles: ['compliance_officer'] })).of(
      RequestsServiceService,
    );
  }

  async vkey(): Promise<string> {
    const anybody = await this.cluster.asMember('privacy', { tenantId: newId() });
    return (await anybody.of(LogServiceService).getCheckpoint({})).vkey;
  }

  asking(more: Partial<privacyV1.CreateRequestRequest>): privacyV1.CreateRequestRequest {
    return {
      ...{
        requestId: newId(),
        right: Right.RIGHT_ERASURE,
        subjectId: '',
        subjectKind: 0,
        email: '',
        phone: '',
      },
      ...{
        verification: 'email_code',
        objects: true,
        replyTo: '',
        informed: '',
        corrections: [],
        withoutSuppression: false,
        ...more,
      },
    };
  }

  /** Somebody with an address; with a diary too, whose key the erasure must destroy and wait for. */
  async person({ email = `${newId()}@example.org`, diary = false } = {}): Promise<string> {
    const contactId = newId();
    const contacts = this.cluster.service('contacts');
    const pageId = newId();
    const place = { table: 'diary', row: pageId, column: 'body' };
    const body = diary
      ? await contacts.get(Sealing).seal(this.tenantId, contactId, place, Buffer.from('Dear diary'))
      : undefined;
    await contacts.get(UnitOfWork).run(this.tenantId, async (tx) => {
      await addSubjects(tx, [contactId]);
      await tx.execute('insert into person values ($1, $2, $3)', [this.tenantId, contactId, email]);
      if (body) {
        await tx.execute('insert into diary (tenant_id, page_id, contact_id, body) values ($1, $2, $3, $4)', [
          ...[this.tenantId, pageId, contactId, body],
        ]);
      }
    });
    return contactId;
  }

  async request(more: Partial<privacyV1.CreateRequestRequest>): Promise<privacyV1.Request> {
    return (await (await this.officer()).createRequest(this.asking(more))).request!;
  }

  async read(requestId: string): Promise<privacyV1.Request> {
    return (await (await this.officer()).getRequest({ requestId })).request!;
  }

  /** All that a watcher sees, until the request has ended. */
  async watched(requestId: string): Promise<privacyV1.Request[]> {
    const seen: privacyV1.Request[] = [];
    for await (const { request } of (await this.officer()).watchRequest({ requestId })) seen.push(request!);
    return seen;
  }

  /** Kept, too, where verifiers of others are to look at it (.ci/foreign). */
  async certificate(requestId: string): Promise<Buffer> {
    const { certificate } = await (await this.officer()).getCertificate({ requestId });
    const folder = process.env['HEED_KEEP_CERTIFICATES'];
    if (folder) {
      writeFileSync(join(folder, `${requestId}.json`), certificate);
      writeFileSync(join(folder, `${requestId}.vkey`), await this.vkey());
    }
    return certificate;
  }

  /** Behind everybody's back. */
  async sql<R extends object>(service: ServiceName, sql: string, params: unknown[] = []): Promise<R[]> {
    const client = new pg.Client({ connectionString: this.cluster.database(service).superuserUrl });
    await client.connect();
    try {
      return (await client.query(sql, params)).rows as R[];
    } finally {
      await client.end();
    }
  }

  /** Whatever needs this table waits until the work is done. */
  async whileLocked<T>(service: ServiceName, table: string, work: () => Promise<T>): Promise<T> {
    const client = new pg.Client({ connectionString: this.cluster.database(service).superuserUrl });
    await client.connect();
    try {
      await client.query(`begin; lock table ${table} in access exclusive mode`);
      return await work();
    } finally {
      await client.end();
    }
  }

  /** Reads until what is read is so. Whatever makes it so runs by itself: the spec's own time limit ends it. */
  async until<T>(read: () => Promise<T>, isSo: (value: T) => boolean): Promise<T> {
    for (;;) {
      const value = await read();
      if (isSo(value)) return value;
    }
  }
}
