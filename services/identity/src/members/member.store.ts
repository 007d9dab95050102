import { addSubjects, reasonOf, type Tx } from '@heed/postgres';
import { refusal } from '../errors.js';
import { type Member, type MemberState } from './member.js';
import { MemberEntity } from './member.entity.js';

/** Makes the person known as a subject, with an account that has no password yet. */
export async function insertMember(
  tx: Tx,
  member: Pick<Member, 'memberId' | 'email' | 'name' | 'roles'>,
  at: Date,
): Promise<MemberEntity> {
  await addSubjects(tx, [member.memberId], 'member');
  const row: MemberEntity = {
    tenantId: tx.tenantId,
    ...member,
    state: 'invited',
    passwordHash: null,
    failedSignIns: 0,
    lockedUntil: null,
    createdAt: at,
    updatedAt: at,
  };
  try {
    await tx.manager.insert(MemberEntity, row);
  } catch (error) {
    throw reasonOf(error, { member_email_key: 'MEMBER_EXISTS' });
  }
  return row;
}

export async function findMember(tx: Tx, memberId: string): Promise<MemberEntity | undefined> {
  const found = await tx.manager.findOneBy(MemberEntity, { tenantId: tx.tenantId, memberId });
  return found ?? undefined;
}

export async function memberById(tx: Tx, memberId: string): Promise<MemberEntity> {
  const found = await findMember(tx, memberId);
  if (!found) throw refusal('MEMBER_NOT_FOUND');
  return found;
}

/** As the index compares: without case. */
export async function memberByEmail(tx: Tx, email: string): Promise<MemberEntity | undefined> {
  const found = await tx.manager
    .createQueryBuilder(MemberEntity, 'member')
    .where('member.tenant_id = :tenant and lower(member.email) = lower(:email)', {
      tenant: tx.tenantId,
      email,
    })
    .getOne();
  return found ?? undefined;
}

export interface MemberFilter {
  after?: string;
  state?: MemberState;
  role?: string;
  namePrefix?: string;
  limit: number;
}

/** Ids are UUIDv7: their order is that of the invitations. */
export function membersAfter(tx: Tx, filter: MemberFilter): Promise<MemberEntity[]> {
  const query = tx.manager
    .createQueryBuilder(MemberEntity, 'member')
    .where('member.tenant_id = :tenant', { tenant: tx.tenantId });
  if (filter.after !== undefined) query.andWhere('member.member_id > :after', { after: filter.after });
  if (filter.state !== undefined) query.andWhere('member.state = :state', { state: filter.state });
  if (filter.role !== undefined) query.andWhere(':role = any (member.roles)', { role: filter.role });
  if (filter.namePrefix !== undefined) {
    query.andWhere('starts_with(lower(member.name), lower(:prefix))', { prefix: filter.namePrefix });
  }
  return query.orderBy('member.member_id', 'ASC').limit(filter.limit).getMany();
}

export async function anyMemberExists(tx: Tx): Promise<boolean> {
  return tx.manager.existsBy(MemberEntity, { tenantId: tx.tenantId });
}

/** A password was set by its owner: the account can sign in, and what was guessed before counts no more. */
export async function activateMember(
  tx: Tx,
  memberId: string,
  passwordHash: string,
  at: Date,
): Promise<void> {
  await tx.manager.update(
    MemberEntity,
    { tenantId: tx.tenantId, memberId },
    { state: 'active', passwordHash, failedSignIns: 0, lockedUntil: null, updatedAt: at },
  );
}

/** Locks the account's row: failures that come at once are counted one after the other. */
export async function failuresOf(tx: Tx, memberId: string): Promise<number | undefined> {
  const [row] = await tx.query<{ failures: number }>(
    `select failed_sign_ins as failures from member where tenant_id = $1 and member_id = $2 for no key update`,
    [tx.tenantId, memberId],
  );
  return row?.failures;
}

export async function saveFailures(
  tx: Tx,
  memberId: string,
  failures: number,
  lockedUntil: Date | null,
): Promise<void> {
  await tx.manager.update(
    MemberEntity,
    { tenantId: tx.tenantId, memberId },
    { failedSignIns: failures, lockedUntil },
  );
}
