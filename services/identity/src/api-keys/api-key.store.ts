import { type Tx } from '@heed/postgres';
import { Brackets, IsNull } from 'typeorm';
import { refusal } from '../errors.js';
import { type ApiKeyState } from './api-key.js';
import { ApiKeyEntity } from './api-key.entity.js';

export interface ApiKeyFilter {
  /** Keys older than this one: ids are UUIDv7. */
  before?: string;
  state?: ApiKeyState;
  memberId?: string;
  namePrefix?: string;
  at: Date;
  limit: number;
}

/** Makers of one tenant's keys come one after the other: two at once must not exceed what one may. */
export async function lockApiKeys(tx: Tx): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('heed.api-keys ' || $1, 0))`, [tx.tenantId]);
}

export async function usableKeys(tx: Tx, at: Date): Promise<number> {
  const [row] = await tx.query<{ count: number }>(
    `select count(*)::int as count from api_key
     where tenant_id = $1 and revoked_at is null and (expires_at is null or expires_at > $2)`,
    [tx.tenantId, at],
  );
  return row!.count;
}

/** What ended before this time is of no more interest: that it was is in the audit log. Of whom a hold keeps it stays. */
export async function forgetEnded(tx: Tx, before: Date): Promise<void> {
  await tx.execute(
    `delete from api_key
     where tenant_id = $1 and (revoked_at < $2 or expires_at < $2) and not heed.is_held(tenant_id, member_id)`,
    [tx.tenantId, before],
  );
}

export async function insertApiKey(tx: Tx, key: Omit<ApiKeyEntity, 'tenantId'>): Promise<void> {
  await tx.manager.insert(ApiKeyEntity, { tenantId: tx.tenantId, ...key });
}

export async function findApiKey(tx: Tx, apiKeyId: string): Promise<ApiKeyEntity | undefined> {
  const found = await tx.manager.findOneBy(ApiKeyEntity, { tenantId: tx.tenantId, apiKeyId });
  return found ?? undefined;
}

export async function apiKeyById(tx: Tx, apiKeyId: string): Promise<ApiKeyEntity> {
  const found = await findApiKey(tx, apiKeyId);
  if (!found) throw refusal('API_KEY_NOT_FOUND');
  return found;
}

export async function apiKeysBefore(tx: Tx, filter: ApiKeyFilter): Promise<ApiKeyEntity[]> {
  const query = tx.manager
    .createQueryBuilder(ApiKeyEntity, 'key')
    .where('key.tenant_id = :tenant', { tenant: tx.tenantId });
  if (filter.before !== undefined) query.andWhere('key.api_key_id < :before', { before: filter.before });
  if (filter.memberId !== undefined) query.andWhere('key.member_id = :member', { member: filter.memberId });
  if (filter.namePrefix !== undefined) {
    query.andWhere('starts_with(lower(key.name), lower(:prefix))', { prefix: filter.namePrefix });
  }
  if (filter.state === 'revoked') query.andWhere('key.revoked_at is not null');
  if (filter.state === 'expired') {
    query.andWhere('key.revoked_at is null and key.expires_at <= :at', { at: filter.at });
  }
  if (filter.state === 'active') {
    query
      .andWhere('key.revoked_at is null')
      .andWhere(
        new Brackets((open) => open.where('key.expires_at is null').orWhere('key.expires_at > :at')),
        { at: filter.at },
      );
  }
  return query.orderBy('key.api_key_id', 'DESC').limit(filter.limit).getMany();
}

/** True for the one who ended it. */
export async function revokeApiKey(tx: Tx, apiKeyId: string, at: Date): Promise<boolean> {
  const { affected } = await tx.manager.update(
    ApiKeyEntity,
    { tenantId: tx.tenantId, apiKeyId, revokedAt: IsNull() },
    { revokedAt: at },
  );
  return affected === 1;
}

export async function noteUse(tx: Tx, apiKeyId: string, at: Date): Promise<void> {
  await tx.manager.update(ApiKeyEntity, { tenantId: tx.tenantId, apiKeyId }, { lastUsedAt: at });
}
