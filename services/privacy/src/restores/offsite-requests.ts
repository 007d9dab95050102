import { type OffsiteLog } from '@heed/service';
import { ReturnRequests } from './return-requests.js';

/** What was closed longer ago than any backup is kept is in every one of them. */
const CLOSED_WITHIN = '90 days';

/** The folders of their chunks, for ever. Written by triggers (migration 0028): requests change in many places. */
export const OFFSITE_REQUESTS = 'requests';
export const OFFSITE_HOLDS = 'holds';

/**
 * What people have asked for, and what became of it: a privacy that is put back must neither forget a request nor go on
 * with one that was taken back. No address is in it.
 */
export const offsiteRequests: OffsiteLog = {
  name: OFFSITE_REQUESTS,
  table: 'request',
  addAll: async (tx) => {
    await tx.execute(
      `insert into heed.offsite_due (log, tenant_id, payload)
       select '${OFFSITE_REQUESTS}', tenant_id, convert_to(to_jsonb(request)::text, 'UTF8') from request
       where tenant_id = $1 and (closed_at is null or closed_at > current_timestamp - interval '${CLOSED_WITHIN}')`,
      [tx.tenantId],
    );
  },
  take: (get, tenantId, payloads) => get(ReturnRequests).takeRequests(tenantId, payloads),
};

/** Whom a hold keeps from being erased. */
export const offsiteHolds: OffsiteLog = {
  name: OFFSITE_HOLDS,
  table: 'hold',
  addAll: async (tx) => {
    await tx.execute(
      `insert into heed.offsite_due (log, tenant_id, payload)
       select '${OFFSITE_HOLDS}', tenant_id, convert_to(to_jsonb(hold)::text, 'UTF8') from hold where tenant_id = $1`,
      [tx.tenantId],
    );
  },
  take: (get, tenantId, payloads) => get(ReturnRequests).takeHolds(tenantId, payloads),
};
