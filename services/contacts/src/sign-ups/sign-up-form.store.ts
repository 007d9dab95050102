import { reasonOf, type Tx } from '@heed/postgres';
import { In, MoreThan } from 'typeorm';
import { type SignUpForm } from './sign-up-form.js';
import { SignUpFormRow } from './sign-up-form.entity.js';

export async function insertForm(tx: Tx, form: SignUpForm): Promise<void> {
  try {
    await tx.manager.insert(SignUpFormRow, { tenantId: tx.tenantId, ...form });
  } catch (error) {
    throw reasonOf(error, { sign_up_form_name_key: 'SIGN_UP_FORM_NAME_TAKEN' });
  }
}

export async function formById(tx: Tx, signUpFormId: string): Promise<SignUpForm | undefined> {
  const row = await tx.manager.findOneBy(SignUpFormRow, { tenantId: tx.tenantId, signUpFormId });
  return row ?? undefined;
}

/** The row stays locked until the transaction ends. */
export async function formForUpdate(tx: Tx, signUpFormId: string): Promise<SignUpForm | undefined> {
  const row = await tx.manager.findOne(SignUpFormRow, {
    where: { tenantId: tx.tenantId, signUpFormId },
    lock: { mode: 'pessimistic_write' },
  });
  return row ?? undefined;
}

/** In order of id, which is that of creation. */
export function formPage(tx: Tx, after: string | undefined, limit: number): Promise<SignUpForm[]> {
  return tx.manager.find(SignUpFormRow, {
    where: { tenantId: tx.tenantId, ...(after !== undefined && { signUpFormId: MoreThan(after) }) },
    order: { signUpFormId: 'ASC' },
    take: limit,
  });
}

export async function saveForm(tx: Tx, form: SignUpForm): Promise<void> {
  const { signUpFormId, wording, wordingVersion, allowedOrigins, isOpen } = form;
  await tx.manager.update(
    SignUpFormRow,
    { tenantId: tx.tenantId, signUpFormId },
    { wording, wordingVersion, allowedOrigins, isOpen },
  );
}

export async function formNames(tx: Tx, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.manager.find(SignUpFormRow, {
    where: { tenantId: tx.tenantId, signUpFormId: In([...ids]) },
    select: { signUpFormId: true, name: true },
  });
  return new Map(rows.map(({ signUpFormId, name }) => [signUpFormId, name]));
}
