import { randomBytes } from 'node:crypto';
import { newId, sha256 } from '@heed/kernel';
import { type SixServices, type Tenant } from '../world/six-services.js';
import { rowsOf } from './rows-of.js';

/** What the mail to a tenant's owner would hold who asked for another password. Its digest stands where identity looks. */
export async function resetToken(six: SixServices, { tenantId, slug }: Tenant): Promise<string> {
  const body = Buffer.concat([Buffer.from(tenantId.replaceAll('-', ''), 'hex'), randomBytes(32)]);
  await rowsOf(
    six,
    'identity',
    `insert into password_reset (tenant_id, reset_id, member_id, token_hash, created_at, expires_at)
     select $1, $2, member_id, $3, now(), now() + interval '1 day' from member where tenant_id = $1 and email = $4`,
    [tenantId, newId(), sha256(Buffer.from('heed reset\0'), body), `owner@${slug}.example`],
  );
  return `hdp_${body.toString('base64url')}`;
}
