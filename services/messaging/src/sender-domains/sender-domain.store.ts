import { Injectable } from '@nestjs/common';
import { reasonOf, type Tx } from '@heed/postgres';
import { In } from 'typeorm';
import { DkimKeyEntity } from './dkim-key.entity.js';
import { type DomainState, type Findings } from './sender-domain.js';
import { SenderDomainEntity } from './sender-domain.entity.js';

export interface DomainWithKeys {
  domain: SenderDomainEntity;
  keys: DkimKeyEntity[];
}

export type SigningKeyRow = Pick<
  DkimKeyEntity,
  | 'dkimKeyId'
  | 'algorithm'
  | 'selector'
  | 'privateKey'
  | 'masterKeyId'
  | 'isPublished'
  | 'createdAt'
  | 'retiredAt'
>;

@Injectable()
export class SenderDomainStore {
  async add(tx: Tx, domain: SenderDomainEntity): Promise<void> {
    try {
      await tx.manager.insert(SenderDomainEntity, domain);
    } catch (error) {
      throw reasonOf(error, { sender_domain_name_key: 'SENDER_DOMAIN_EXISTS' });
    }
  }

  async addKeys(tx: Tx, keys: readonly DkimKeyEntity[]): Promise<void> {
    await tx.manager.insert(DkimKeyEntity, [...keys]);
  }

  async count(tx: Tx): Promise<number> {
    return tx.manager.countBy(SenderDomainEntity, { tenantId: tx.tenantId });
  }

  async find(tx: Tx, senderDomainId: string): Promise<DomainWithKeys | undefined> {
    const domain = await tx.manager.findOneBy(SenderDomainEntity, { tenantId: tx.tenantId, senderDomainId });
    return domain ? { domain, keys: await this.keysOf(tx, [senderDomainId]) } : undefined;
  }

  /** What a sender needs: the state, and the keys that may sign. Undefined where the tenant has no such domain. */
  async byName(tx: Tx, domain: string): Promise<{ state: DomainState; keys: SigningKeyRow[] } | undefined> {
    const rows = await tx.query<{ state: DomainState } & SigningKeyRow>(
      `select d.state, k.dkim_key_id as "dkimKeyId", k.algorithm, k.selector, k.private_key as "privateKey",
         k.master_key_id as "masterKeyId", k.is_published as "isPublished", k.created_at as "createdAt",
         k.retired_at as "retiredAt"
       from sender_domain d left join dkim_key k
         on k.tenant_id = d.tenant_id and k.sender_domain_id = d.sender_domain_id and k.retired_at is null
       where d.tenant_id = $1 and d.domain = $2 order by k.created_at, k.algorithm desc`,
      [tx.tenantId, domain],
    );
    const [first] = rows;
    return first && { state: first.state, keys: rows.filter(({ dkimKeyId }) => dkimKeyId !== null) };
  }

  /** Whoever changes a domain or its keys waits here for another who does. */
  async lock(tx: Tx, senderDomainId: string): Promise<DomainWithKeys | undefined> {
    await tx.query(
      'select 1 from sender_domain where tenant_id = $1 and sender_domain_id = $2 for no key update',
      [tx.tenantId, senderDomainId],
    );
    return this.find(tx, senderDomainId);
  }

  /** By time of creation: ids are UUIDv7. */
  async page(
    tx: Tx,
    state: DomainState | undefined,
    after: string | undefined,
    limit: number,
  ): Promise<DomainWithKeys[]> {
    const query = tx.manager
      .createQueryBuilder(SenderDomainEntity, 'domain')
      .where('domain.tenant_id = :tenant', { tenant: tx.tenantId });
    if (state) query.andWhere('domain.state = :state', { state });
    if (after !== undefined) query.andWhere('domain.sender_domain_id > :after', { after });
    const domains = await query.orderBy('domain.sender_domain_id', 'ASC').limit(limit).getMany();
    const keys = await this.keysOf(
      tx,
      domains.map(({ senderDomainId }) => senderDomainId),
    );
    return domains.map((domain) => ({
      domain,
      keys: keys.filter(({ senderDomainId }) => senderDomainId === domain.senderDomainId),
    }));
  }

  async write(
    tx: Tx,
    senderDomainId: string,
    found: Findings & { state: DomainState; at: Date; nextCheckAt: Date },
  ): Promise<void> {
    await tx.execute(
      `update sender_domain set state = $3::text, spf = $4, dkim = $5, dmarc = $6, checked_at = $7::timestamptz, next_check_at = $8,
         verified_at = case when $3::text = 'verified' then coalesce(verified_at, $7::timestamptz) else verified_at end
       where tenant_id = $1 and sender_domain_id = $2`,
      [
        ...[tx.tenantId, senderDomainId, found.state, found.spf, found.dkim, found.dmarc],
        ...[found.at, found.nextCheckAt],
      ],
    );
  }

  async writeKeys(
    tx: Tx,
    senderDomainId: string,
    { published, retired, at }: { published: Set<string>; retired: Set<string>; at: Date },
  ): Promise<void> {
    await tx.execute(
      `update dkim_key set is_published = dkim_key_id = any ($3::uuid[]),
         retired_at = case when dkim_key_id = any ($4::uuid[]) then $5::timestamptz end,
         private_key = case when dkim_key_id = any ($4::uuid[]) then null else private_key end
       where tenant_id = $1 and sender_domain_id = $2 and retired_at is null`,
      [tx.tenantId, senderDomainId, [...published], [...retired], at],
    );
  }

  /** Takes those that are due, and puts them off: of processes that look at once one looks. */
  async takeDue(tx: Tx, at: Date, until: Date, limit: number): Promise<string[]> {
    const rows = await tx.query<{ sender_domain_id: string }>(
      `update sender_domain set next_check_at = $3 where tenant_id = $1 and sender_domain_id in (
         select sender_domain_id from sender_domain where tenant_id = $1 and next_check_at <= $2
         order by next_check_at limit $4 for update skip locked)
       returning sender_domain_id`,
      [tx.tenantId, at, until, limit],
    );
    return rows.map((row) => row.sender_domain_id);
  }

  /** Its keys go with it. */
  async remove(tx: Tx, senderDomainId: string): Promise<boolean> {
    const { affected } = await tx.manager.delete(SenderDomainEntity, {
      tenantId: tx.tenantId,
      senderDomainId,
    });
    return affected === 1;
  }

  private keysOf(tx: Tx, senderDomainIds: readonly string[]): Promise<DkimKeyEntity[]> {
    return tx.manager.find(DkimKeyEntity, {
      where: { tenantId: tx.tenantId, senderDomainId: In([...senderDomainIds]) },
      order: { createdAt: 'ASC', algorithm: 'DESC' },
    });
  }
}
