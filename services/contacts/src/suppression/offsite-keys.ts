import { UnitOfWork, type Tx } from '@heed/postgres';
import { type OffsiteLog, type ResyncContext, type ResyncStep } from '@heed/service';
import { FormAddresses } from './form-addresses.js';

/** The folder of its chunks, for ever. Written by a trigger (migration 0018): keys are made in many places. */
export const OFFSITE_KEYS = 'hash-keys';

/**
 * The keys of the suppression list, wrapped: a tenant that first needed one after the newest backup, or rotated since,
 * would make another after a restore, under which nothing that lies off site is found (ATTACKS 5.5).
 */
export const offsiteKeys: OffsiteLog = {
  name: OFFSITE_KEYS,
  table: 'heed.hash_key',
  addAll: async (tx) => {
    await tx.execute(
      `insert into heed.offsite_due (log, tenant_id, payload)
       select '${OFFSITE_KEYS}', tenant_id, convert_to(json_build_object(
         'version', version, 'wrapped', encode(wrapped, 'hex'), 'keyId', kms_key_id, 'usableFrom', usable_from,
         'at', at)::text, 'UTF8')
       from heed.hash_key where tenant_id = $1`,
      [tx.tenantId],
    );
  },
  take: async (get, tenantId, payloads) => {
    await get(UnitOfWork).run(tenantId, (tx) => takeKeysBack(tx, payloads));
  },
};

/** In the order in which they were written: what was wrapped anew last stands. */
export async function takeKeysBack(tx: Tx, payloads: readonly Buffer[]): Promise<void> {
  for (const payload of payloads) {
    const { version, wrapped, keyId, usableFrom, at } = JSON.parse(payload.toString('utf8')) as CopiedKey;
    await tx.execute(
      `insert into heed.hash_key as k (tenant_id, version, wrapped, kms_key_id, usable_from, at)
       values ($1, $2, $3, $4, $5, $6)
       on conflict on constraint hash_key_pkey do update
         set wrapped = excluded.wrapped, kms_key_id = excluded.kms_key_id,
           usable_from = least(k.usable_from, excluded.usable_from)`,
      [tx.tenantId, version, Buffer.from(wrapped, 'hex'), keyId, usableFrom, at],
    );
  }
}

interface CopiedKey {
  version: number;
  wrapped: string;
  keyId: string;
  usableFrom: string;
  at: string;
}

/** Endpoints of the backup have no forms under a key that is younger: they would not be found in the list. */
export const formAddresses: readonly ResyncStep[] = [
  {
    name: 'forms',
    run: async ({ get, tenants, progress }: ResyncContext) => {
      const forming = get(FormAddresses);
      let formed = 0;
      for (const tenantId of await tenants()) {
        for (let more = -1; more !== 0; formed += more) {
          more = await get(UnitOfWork).run(tenantId, (tx) => forming.batch(tx));
        }
        await progress(formed);
      }
    },
  },
];
