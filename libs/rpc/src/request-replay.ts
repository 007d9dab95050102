import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { declareInfrastructure, type InfrastructureTable } from '@heed/data-map';
import { type Caller, type Clock, DomainError, sha256 } from '@heed/kernel';
import { type MigrationSource, type Tx, type UnitOfWork } from '@heed/postgres';

/** The part of a ts-proto message that replay needs. */
export interface AnswerCodec<T> {
  encode(message: T): { finish(): Uint8Array };
  decode(bytes: Uint8Array): T;
}

export const rpcMigrations: MigrationSource = {
  name: 'rpc',
  directory: new URL('../migrations/', import.meta.url),
};

/** What rpc brings into every service's database. */
export const infrastructureOfRpc: readonly InfrastructureTable[] = [
  declareInfrastructure({
    table: 'heed.rpc_replay',
    description: 'First answers of requests with a request_id, kept 7 days for their repetition',
    tenants: 'wall',
    policies: ['expiry'],
    columns: { tenant_id: 'id', id: 'digest', request_mac: 'digest', answer: 'sealed', at: 'time' },
  }),
];

const KEPT_MS = 7 * 24 * 3_600_000;
const BATCH = 5_000;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Does a request once. An answer may hold what the data map would have to find again (a masked name, an invitation's
 * token), so it lies sealed under a key made of the request itself: nobody can open it but a caller who sends the same
 * request under the same id again, to whom it says what it said before.
 */
export class RequestReplay {
  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  /**
   * Within the use case's transaction: runs `work` and keeps its answer, or returns the answer kept. Another request
   * under the id of an earlier one is refused (REQUEST_ID_REUSED).
   */
  async once<Res>(
    tx: Tx,
    caller: Pick<Caller, 'kind' | 'actorId' | 'method'>,
    requestId: string,
    request: Uint8Array,
    codec: AnswerCodec<Res>,
    work: () => Promise<Res>,
  ): Promise<Res> {
    const now = this.clock.now();
    const id = idOf(caller, requestId);
    const mac = keyed(requestId, 'request', request);
    const key = keyed(requestId, 'answer', request);
    const isFirst = await tx.execute(
      `insert into heed.rpc_replay as kept (tenant_id, id, request_mac, at) values ($1, $2, $3, $4)
       on conflict (tenant_id, id) do update set request_mac = excluded.request_mac, answer = null, at = excluded.at
       where kept.at <= $5`,
      [tx.tenantId, id, mac, now, new Date(now.getTime() - KEPT_MS)],
    );
    if (isFirst === 0) return codec.decode(await this.keptAnswer(tx, { id, mac, key }));
    const answer = await work();
    const sealed = seal(key, id, codec.encode(answer).finish());
    await tx.execute('update heed.rpc_replay set answer = $3 where tenant_id = $1 and id = $2', [
      tx.tenantId,
      id,
      sealed,
    ]);
    return answer;
  }

  /**
   * The answer that was kept, for a use case that must ask others before its transaction, and whose second call they would
   * refuse; undefined the first time. `once` decides all the same.
   */
  async answered<Res>(
    tx: Tx,
    caller: Pick<Caller, 'kind' | 'actorId' | 'method'>,
    requestId: string,
    request: Uint8Array,
    codec: AnswerCodec<Res>,
  ): Promise<Res | undefined> {
    const id = idOf(caller, requestId);
    const kept = await tx.query(
      'select 1 from heed.rpc_replay where tenant_id = $1 and id = $2 and answer is not null and at > $3',
      [tx.tenantId, id, new Date(this.clock.now().getTime() - KEPT_MS)],
    );
    if (kept.length === 0) return undefined;
    const [mac, key] = [keyed(requestId, 'request', request), keyed(requestId, 'answer', request)];
    return codec.decode(await this.keptAnswer(tx, { id, mac, key }));
  }

  /** Removes what is older than 7 days, in batches of short transactions. Returns how many rows went. */
  async forgetExpired(uow: UnitOfWork, signal?: AbortSignal): Promise<number> {
    const before = new Date(this.clock.now().getTime() - KEPT_MS);
    let forgotten = 0;
    for (let batch = BATCH; batch === BATCH && !signal?.aborted; forgotten += batch) {
      batch = await uow.runAcross('relay', (tx) =>
        tx.execute(
          `delete from heed.rpc_replay old
           using (select tenant_id, id from heed.rpc_replay where at <= $1 limit ${BATCH}) expired
           where old.tenant_id = expired.tenant_id and old.id = expired.id`,
          [before],
        ),
      );
    }
    return forgotten;
  }

  private async keptAnswer(
    tx: Tx,
    { id, mac, key }: { id: Buffer; mac: Buffer; key: Buffer },
  ): Promise<Buffer> {
    const [kept] = await tx.query<{ request_mac: Buffer; answer: Buffer | null }>(
      'select request_mac, answer from heed.rpc_replay where tenant_id = $1 and id = $2',
      [tx.tenantId, id],
    );
    if (kept === undefined || !kept.request_mac.equals(mac)) {
      throw new DomainError('REQUEST_ID_REUSED', 'failed-precondition', {
        message: 'this request_id belongs to another request: take a new one for each',
        violations: [{ field: 'request_id', reason: 'REUSED' }],
      });
    }
    if (kept.answer === null) {
      throw new DomainError('REQUEST_UNANSWERED', 'internal', {
        message: 'the work of this request failed and its transaction was committed all the same',
      });
    }
    return open(key, id, kept.answer);
  }
}

function idOf(
  { method, kind, actorId }: Pick<Caller, 'kind' | 'actorId' | 'method'>,
  requestId: string,
): Buffer {
  return sha256(Buffer.from([method, kind, actorId, requestId].join('\n')));
}

function keyed(requestId: string, purpose: string, request: Uint8Array): Buffer {
  return createHmac('sha256', requestId).update(`heed.rpc_replay ${purpose}\n`).update(request).digest();
}

function seal(key: Buffer, id: Buffer, answer: Uint8Array): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(id);
  const sealed = Buffer.concat([cipher.update(answer), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
}

function open(key: Buffer, id: Buffer, sealed: Buffer): Buffer {
  const iv = sealed.subarray(0, IV_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, iv).setAAD(id);
  decipher.setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
}
