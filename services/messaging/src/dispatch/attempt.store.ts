import { Injectable } from '@nestjs/common';
import { newId } from '@heed/kernel';
import { type Tx } from '@heed/postgres';
import { RESTORING, type Conclusion, type Dispatch } from './attempt.js';

/** Rows of attempts as they come in, before any sender has them. */
@Injectable()
export class AttemptStore {
  /**
   * Attempts that wait for a sender: new ones, and those that went back and are asked for again. An old request of
   * theirs bears a number that they have passed. Returns the ids of those that wait since now.
   */
  enqueue(tx: Tx, dispatches: readonly Dispatch[], at: Date): Promise<Set<string>> {
    return this.insert(tx, dispatches, at, undefined);
  }

  /**
   * Attempts that end as they come in, and those that went back and were asked for again. Returns the ids of those that
   * end by it.
   */
  insertConcluded(
    tx: Tx,
    dispatches: readonly Dispatch[],
    conclusion: Conclusion,
    at: Date,
  ): Promise<Set<string>> {
    return this.insert(tx, dispatches, at, conclusion);
  }

  private async insert(
    tx: Tx,
    dispatches: readonly Dispatch[],
    at: Date,
    end: Conclusion | undefined,
  ): Promise<Set<string>> {
    const rows = await tx.query<{ attempt_id: string }>(
      `insert into attempt (tenant_id, row_id, attempt_id, intent_id, campaign_id, contact_id, purpose, template_id,
         try, traceparent, step, deferrals, issuer, language, state, outcome, reason, queued_at, next_at, concluded_at)
       select $1, row_id, attempt_id, intent_id, campaign_id, contact_id, purpose, template_id,
         try, traceparent, step, deferrals, issuer, language, $11, $12, $13, $14, $14, $15
       from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::text[], $8::uuid[], $9::int[],
           $10::text[], $16::smallint[], $17::int[], $18::text[], $19::text[])
         as d (row_id, attempt_id, intent_id, campaign_id, contact_id, purpose, template_id, try, traceparent, step,
           deferrals, issuer, language)
       on conflict on constraint attempt_id_key ${end ? ENDED_BEFORE : ASKED_AGAIN}
       returning attempt_id`,
      [
        tx.tenantId,
        dispatches.map(() => newId()),
        dispatches.map(({ attemptId }) => attemptId),
        dispatches.map(({ intentId }) => intentId || null),
        dispatches.map(({ campaignId }) => campaignId || null),
        dispatches.map(({ contactId }) => contactId),
        dispatches.map(({ purpose }) => purpose),
        dispatches.map(({ templateId }) => templateId),
        dispatches.map((dispatch) => dispatch.try),
        dispatches.map(({ traceparent }) => traceparent ?? null),
        end ? 'concluded' : 'queued',
        end?.outcome ?? null,
        end?.reason ?? '',
        at,
        end ? at : null,
        dispatches.map(({ step }) => step),
        dispatches.map(({ deferrals }) => deferrals),
        dispatches.map(({ issuer }) => issuer ?? 'contacts'),
        dispatches.map(({ language }) => language ?? ''),
      ],
    );
    return new Set(rows.map((row) => row.attempt_id));
  }
}

// One that is only known to have ended nobody knows how stays so: it may have been sent for an earlier request.
const ASKED_AGAIN = `do update set deferrals = excluded.deferrals, next_at = excluded.next_at,
    state = case attempt.state when 'deferred' then 'queued' else attempt.state end
  where (attempt.state = 'deferred' or attempt.reason = '${RESTORING}') and attempt.deferrals < excluded.deferrals`;

const ENDED_BEFORE = `do update set state = 'concluded', outcome = excluded.outcome, reason = excluded.reason,
    concluded_at = excluded.concluded_at, deferrals = excluded.deferrals
  where (attempt.state = 'deferred' or attempt.reason = '${RESTORING}') and attempt.deferrals < excluded.deferrals`;
