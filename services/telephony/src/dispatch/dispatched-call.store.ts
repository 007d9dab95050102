import { Injectable } from '@nestjs/common';
import { newId } from '@heed/kernel';
import { type Tx } from '@heed/postgres';
import { RESTORING, type CallEnd } from '../calls/call.js';
import { ENDED, endedCallOf, type Asked, type EndedRow } from '../calls/ended-call.js';
import { type Dispatch } from './dispatch.js';

/** Calls as campaigns ask for them, and give them up for a while. */
@Injectable()
export class DispatchedCallStore {
  /**
   * Calls that wait for a line. Answers those that were not there, and those that went back and are asked for again: an
   * old request of theirs bears a number that they have passed.
   */
  async enqueue(tx: Tx, dispatches: readonly Dispatch[], at: Date): Promise<string[]> {
    const rows = await tx.query<{ call_id: string }>(
      `insert into call (${COLUMNS})
       select ${VALUES}, 'queued', null, '', $12, null ${SOURCE}
       on conflict on constraint call_id_key do update
       set state = case call.state when 'deferred' then 'queued' else call.state end,
         deferrals = excluded.deferrals, created_at = excluded.created_at
       ${WHERE_ASKED_AGAIN}
       returning call_id`,
      [tx.tenantId, ...columnsOf(dispatches), at],
    );
    return rows.map((row) => row.call_id);
  }

  /** Calls that end as they come in, and those that went back and were asked for again. Answers those that end by it. */
  async insertEnded(
    tx: Tx,
    dispatches: readonly Dispatch[],
    { outcome, reason }: CallEnd,
    at: Date,
  ): Promise<Dispatch[]> {
    const rows = await tx.query<{ call_id: string }>(
      `insert into call (${COLUMNS})
       select ${VALUES}, 'ended', $13, $14, $12, $12 ${SOURCE}
       on conflict on constraint call_id_key do update
       set state = 'ended', outcome = excluded.outcome, reason = excluded.reason, ended_at = excluded.ended_at,
         deferrals = excluded.deferrals
       ${WHERE_ASKED_AGAIN}
       returning call_id`,
      [tx.tenantId, ...columnsOf(dispatches), at, outcome, reason],
    );
    const inserted = new Set(rows.map((row) => row.call_id));
    return dispatches.filter(({ callId }) => inserted.has(callId));
  }

  /** It goes back to its campaign. Undefined where it waits no more. */
  async defer(tx: Tx, callId: string): Promise<Asked | undefined> {
    const [row] = await tx.query<EndedRow>(
      `update call set state = 'deferred'
       where tenant_id = $1 and call_id = $2 and state = 'queued' and intent_id is not null
       returning ${ENDED}`,
      [tx.tenantId, callId],
    );
    return row && endedCallOf(row).asked;
  }

  /**
   * Takes the number for this person, as far as the step of the campaign goes. False: somebody else who has it too was
   * there before.
   */
  async reserve(
    tx: Tx,
    copy: { campaignId: string; step: number; endpointHash: string; callId: string; contactId: string },
    at: Date,
  ): Promise<boolean> {
    const { campaignId, step, endpointHash, callId, contactId } = copy;
    const [row] = await tx.query<{ call_id: string }>(
      `insert into campaign_copy as c (tenant_id, campaign_id, step, endpoint_hash, call_id, contact_id, reserved_at)
       values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (tenant_id, campaign_id, step, endpoint_hash) do update set call_id = excluded.call_id
       where c.contact_id = excluded.contact_id
       returning call_id`,
      [tx.tenantId, campaignId, step, Buffer.from(endpointHash, 'hex'), callId, contactId, at],
    );
    return row !== undefined;
  }
}

// One that is only known to have ended nobody knows how stays so: it may have been placed for an earlier request.
const WHERE_ASKED_AGAIN = `where (call.state = 'deferred' or call.reason = '${RESTORING}')
  and call.deferrals < excluded.deferrals`;

const COLUMNS = `tenant_id, row_id, call_id, intent_id, campaign_id, step, contact_id, purpose, template_id, deferrals,
  traceparent, wants_recording, state, outcome, reason, created_at, ended_at`;
const VALUES = `$1, row_id, call_id, intent_id, campaign_id, step, contact_id, purpose, template_id, deferrals, traceparent,
  false`;
const SOURCE = `from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::smallint[], $7::uuid[], $8::text[],
    $9::uuid[], $10::int[], $11::text[])
  as d (row_id, call_id, intent_id, campaign_id, step, contact_id, purpose, template_id, deferrals, traceparent)`;

function columnsOf(dispatches: readonly Dispatch[]): unknown[] {
  return [
    dispatches.map(() => newId()),
    dispatches.map(({ callId }) => callId),
    dispatches.map(({ intentId }) => intentId),
    dispatches.map(({ campaignId }) => campaignId),
    dispatches.map(({ step }) => step),
    dispatches.map(({ contactId }) => contactId),
    dispatches.map(({ purpose }) => purpose),
    dispatches.map(({ templateId }) => templateId),
    dispatches.map(({ deferrals }) => deferrals),
    dispatches.map(({ traceparent }) => traceparent ?? null),
  ];
}
