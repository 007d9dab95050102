import { type Tx } from '@heed/postgres';
import { type EndpointState } from './endpoint-state.js';

interface StateRecord {
  endpoint_id: string;
  contact_id: string;
  state: EndpointState['state'] | null;
  reason: string | null;
  failures: number | null;
  heard_at: Date | null;
}

/** What is known of these addresses, those alone that exist and whose person lives; locked against each other. */
export async function statesForUpdate(
  tx: Tx,
  endpointIds: readonly string[],
): Promise<Map<string, { contactId: string; state: EndpointState | undefined }>> {
  // An address has one state: two that hear of it at once stand in line, in one order.
  await tx.execute(
    `select 1 from endpoint_state where tenant_id = $1 and endpoint_id = any ($2::uuid[])
     order by endpoint_id for update`,
    [tx.tenantId, endpointIds],
  );
  const rows = await tx.query<StateRecord>(
    `select e.endpoint_id, e.contact_id, s.state, s.reason, s.failures, s.heard_at
     from endpoint e left join endpoint_state s on s.tenant_id = $1 and s.endpoint_id = e.endpoint_id
     where e.tenant_id = $1 and e.endpoint_id = any ($2::uuid[])`,
    [tx.tenantId, endpointIds],
  );
  return new Map(rows.map((row) => [row.endpoint_id, { contactId: row.contact_id, state: stateOf(row) }]));
}

export async function saveStates(
  tx: Tx,
  states: readonly (EndpointState & { endpointId: string; contactId: string })[],
): Promise<void> {
  if (states.length === 0) return;
  await tx.execute(
    `insert into endpoint_state (tenant_id, endpoint_id, contact_id, state, reason, failures, heard_at)
     select $1, s.* from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::int[], $7::timestamptz[]) s
     on conflict on constraint endpoint_state_pkey do update set state = excluded.state, reason = excluded.reason,
       failures = excluded.failures, heard_at = excluded.heard_at`,
    [
      tx.tenantId,
      states.map(({ endpointId }) => endpointId),
      states.map(({ contactId }) => contactId),
      states.map(({ state }) => state),
      states.map(({ reason }) => reason),
      states.map(({ failures }) => failures),
      states.map(({ heardAt }) => heardAt),
    ],
  );
}

function stateOf({ state, reason, failures, heard_at: heardAt }: StateRecord): EndpointState | undefined {
  if (state === null || reason === null || failures === null || heardAt === null) return undefined;
  return { state, reason, failures, heardAt };
}
