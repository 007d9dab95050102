import { Injectable } from '@nestjs/common';
import { type Issuer, type PermitProof } from '@heed/permits';
import { type Tx } from '@heed/postgres';
import { type Concluded, type Deferred } from '../dispatch/announce-conclusions.js';
import { type Conclusion } from '../dispatch/attempt.js';

/** An attempt that a sender has claimed. */
export interface Claimed {
  attemptId: string;
  /** Empty where no campaign asked for it. */
  intentId: string;
  /** A contact, or a person of the issuer. */
  contactId: string;
  /** Who is asked whether they may be written to. */
  issuer: Issuer;
  purpose: string;
  templateId: string;
  /** Of a text of our own; empty: English. */
  language: string;
  /** Empty for a single message. */
  campaignId: string;
  step: number;
  /** How often it went back to its campaign. */
  deferrals: number;
  /** How often it was given back before. */
  putOff: number;
  /** Of the request that it is made for. */
  traceparent: string | undefined;
}

/** What an attempt is armed with. */
export interface Armament {
  attemptId: string;
  proof: PermitProof;
  /** Keyed hash of the address, 32 bytes: what is heard from it later binds whoever has it. Null: nothing is kept of it. */
  endpointHash: Buffer | null;
}

export interface ConcludedRow {
  attempt_id: string;
  intent_id: string | null;
  campaign_id: string | null;
  contact_id: string;
  outcome: Concluded['outcome'];
  reason: string;
  traceparent: string | null;
}

/** An attempt that waits again. */
export interface GivenBack {
  attemptId: string;
  nextAt: Date;
  lateMs?: number | undefined;
  /** Waited for something of our own: see outcome.ts. */
  uncounted?: true | undefined;
}

/**
 * What senders do to attempts. Every statement names the sender and the state that it relies on: whoever was found
 * silent and wakes again changes nothing, and sees that from the rows that come back.
 */
@Injectable()
export class InHandStore {
  /**
   * Nothing for a sender that was found silent: what it claimed under a name that has been swept would be nobody's if
   * it died. FOR SHARE, so that it is not found silent between the look and the claim. Single messages first, by an index
   * of their own: a code to sign in with does not wait behind a campaign of a million.
   */
  async claim(tx: Tx, senderId: string, limit: number, at: Date): Promise<Claimed[]> {
    const rows = await tx.query<{
      attempt_id: string;
      intent_id: string | null;
      contact_id: string;
      issuer: Issuer;
      purpose: string;
      template_id: string;
      language: string;
      campaign_id: string | null;
      step: number;
      deferrals: number;
      put_off: number;
      traceparent: string | null;
    }>(
      `with me as materialized (
         select 1 from sender where sender_id = $2 and lost_at is null for share
       ), single as materialized (
         select row_id from attempt
         where exists (select 1 from me) and tenant_id = $1 and state = 'queued' and sender_id is null and next_at <= $4
           and campaign_id is null
         order by next_at limit $3
         for update skip locked
       ), waiting as (
         select row_id from attempt
         where exists (select 1 from me) and tenant_id = $1 and state = 'queued' and sender_id is null and next_at <= $4
           and campaign_id is not null
         order by next_at limit $3 - (select count(*) from single)
         for update skip locked
       )
       update attempt a set sender_id = $2 from (select row_id from single union all select row_id from waiting) w
       where a.tenant_id = $1 and a.row_id = w.row_id
       returning a.attempt_id, a.intent_id, a.contact_id, a.issuer, a.purpose, a.template_id, a.campaign_id, a.step, a.deferrals,
         a.put_off, a.language, a.traceparent`,
      [tx.tenantId, senderId, limit, at],
    );
    return rows.map((row) => ({
      attemptId: row.attempt_id,
      intentId: row.intent_id ?? '',
      contactId: row.contact_id,
      issuer: row.issuer,
      purpose: row.purpose,
      templateId: row.template_id,
      language: row.language,
      campaignId: row.campaign_id ?? '',
      step: row.step,
      deferrals: row.deferrals,
      putOff: row.put_off,
      traceparent: row.traceparent ?? undefined,
    }));
  }

  /** From here on only this sender may conclude them. Returns those that were still its own. */
  arm(tx: Tx, senderId: string, permits: readonly Armament[], at: Date): Promise<Set<string>> {
    return this.writePermits(tx, senderId, permits, at, 'queued');
  }

  /** A second permit for an attempt whose dialogue outlived the first. */
  rearm(tx: Tx, senderId: string, permits: readonly Armament[], at: Date): Promise<Set<string>> {
    return this.writePermits(tx, senderId, permits, at, 'armed');
  }

  /** Attempts that came to nothing wait again, for anybody. What was written late of them stays on record. */
  async giveBack(tx: Tx, senderId: string, attempts: readonly GivenBack[]): Promise<void> {
    await tx.execute(
      `update attempt a set state = 'queued', sender_id = null, next_at = g.next_at,
         put_off = a.put_off + g.counted, late_ms = greatest(a.late_ms, g.late_ms),
         armed_at = null, ${NO_PERMIT}
       from unnest($3::uuid[], $4::timestamptz[], $5::int[], $6::int[]) as g (attempt_id, next_at, late_ms, counted)
       where a.tenant_id = $1 and a.attempt_id = g.attempt_id and a.sender_id = $2
         and a.state in ('queued', 'armed')`,
      [
        tx.tenantId,
        senderId,
        attempts.map(({ attemptId }) => attemptId),
        attempts.map(({ nextAt }) => nextAt),
        attempts.map(({ lateMs }) => lateMs ?? 0),
        attempts.map(({ uncounted }) => (uncounted ? 0 : 1)),
      ],
    );
  }

  /** Attempts that go back to their campaign. Returns those that were still this sender's own. */
  async defer(
    tx: Tx,
    senderId: string,
    deferrals: readonly { attemptId: string; until: Date; reason: string; lateMs?: number | undefined }[],
  ): Promise<Deferred[]> {
    const rows = await tx.query<ConcludedRow & { until: Date; deferrals: number; why: string }>(
      `update attempt a set state = 'deferred', sender_id = null, late_ms = greatest(a.late_ms, d.late_ms),
         armed_at = null, ${NO_PERMIT}
       from unnest($3::uuid[], $4::timestamptz[], $5::text[], $6::int[]) as d (attempt_id, until, why, late_ms)
       where a.tenant_id = $1 and a.attempt_id = d.attempt_id and a.sender_id = $2
         and a.state in ('queued', 'armed')
       returning ${CONCLUDED}, d.until, d.why, a.deferrals`,
      [
        tx.tenantId,
        senderId,
        deferrals.map(({ attemptId }) => attemptId),
        deferrals.map(({ until }) => until),
        deferrals.map(({ reason }) => reason),
        deferrals.map(({ lateMs }) => lateMs ?? 0),
      ],
    );
    return rows.map((row) => {
      const { outcome: _, ...rest } = concludedOf(row);
      return { ...rest, reason: row.why, until: row.until, deferrals: row.deferrals };
    });
  }

  /** Ends attempts that are still this sender's own, and returns those. */
  async conclude(
    tx: Tx,
    senderId: string,
    conclusions: readonly ({ attemptId: string } & Conclusion)[],
    at: Date,
  ): Promise<Concluded[]> {
    const rows = await tx.query<ConcludedRow>(
      `update attempt a set state = 'concluded', outcome = c.outcome, reason = c.reason,
         late_ms = greatest(a.late_ms, c.late_ms), concluded_at = $7, sender_id = null
       from unnest($3::uuid[], $4::text[], $5::text[], $6::int[]) as c (attempt_id, outcome, reason, late_ms)
       where a.tenant_id = $1 and a.attempt_id = c.attempt_id and a.sender_id = $2
         and a.state in ('queued', 'armed')
       returning ${CONCLUDED}`,
      [
        tx.tenantId,
        senderId,
        conclusions.map(({ attemptId }) => attemptId),
        conclusions.map(({ outcome }) => outcome),
        conclusions.map(({ reason }) => reason),
        conclusions.map(({ lateMs }) => lateMs),
        at,
      ],
    );
    return rows.map(concludedOf);
  }

  /** What a sender that is no more had in hand: what was armed may have been sent, what was only claimed was not. */
  async sweep(tx: Tx, senderIds: readonly string[], at: Date): Promise<Concluded[]> {
    await tx.execute(
      `update attempt set sender_id = null
       where tenant_id = $1 and sender_id = any ($2::uuid[]) and state = 'queued'`,
      [tx.tenantId, senderIds],
    );
    const rows = await tx.query<ConcludedRow>(
      `update attempt a set state = 'concluded', outcome = 'unknown', reason = 'sender_lost', concluded_at = $3,
         sender_id = null
       where a.tenant_id = $1 and a.sender_id = any ($2::uuid[]) and a.state = 'armed'
       returning ${CONCLUDED}`,
      [tx.tenantId, senderIds, at],
    );
    return rows.map(concludedOf);
  }

  /** Rows that bear this sender's name although it does not have them in hand: an answer of the database was lost. */
  async strays(tx: Tx, senderId: string, inHand: readonly string[]): Promise<string[]> {
    const rows = await tx.query<{ attempt_id: string }>(
      `select attempt_id from attempt
       where tenant_id = $1 and sender_id = $2 and state in ('queued', 'armed') and not attempt_id = any ($3::uuid[])`,
      [tx.tenantId, senderId, inHand],
    );
    return rows.map((row) => row.attempt_id);
  }

  private async writePermits(
    tx: Tx,
    senderId: string,
    permits: readonly Armament[],
    at: Date,
    from: 'queued' | 'armed',
  ): Promise<Set<string>> {
    const proofs = permits.map(({ proof }) => proof);
    const rows = await tx.query<{ attempt_id: string }>(
      `update attempt a set state = 'armed', armed_at = $3, permit_id = p.permit_id, endpoint_id = p.endpoint_id,
         consent_entry_id = p.consent_entry_id, permit_leaf = p.leaf, permit_leaf_index = p.leaf_index,
         permit_tree_size = p.tree_size, permit_path = p.path, permit_root = p.root,
         permit_signature = p.signature, permit_key_id = p.key_id, endpoint_hash = p.endpoint_hash
       from unnest($5::uuid[], $6::uuid[], $7::uuid[], $8::uuid[], $9::bytea[], $10::int[], $11::int[], $12::bytea[],
         $13::bytea[], $14::bytea[], $15::text[], $16::bytea[])
         as p (attempt_id, permit_id, endpoint_id, consent_entry_id, leaf, leaf_index, tree_size, path, root,
           signature, key_id, endpoint_hash)
       where a.tenant_id = $1 and a.attempt_id = p.attempt_id and a.sender_id = $2 and a.state = $4
       returning a.attempt_id`,
      [
        tx.tenantId,
        senderId,
        at,
        from,
        permits.map(({ attemptId }) => attemptId),
        proofs.map(({ permitId }) => permitId),
        proofs.map(({ endpointId }) => endpointId),
        proofs.map(({ consentEntryId }) => consentEntryId || null),
        proofs.map(({ leaf }) => leaf),
        proofs.map(({ leafIndex }) => leafIndex),
        proofs.map(({ treeSize }) => treeSize),
        proofs.map(({ path }) => Buffer.concat(path)),
        proofs.map(({ root }) => root),
        proofs.map(({ signature }) => signature),
        proofs.map(({ keyId }) => keyId),
        permits.map(({ endpointHash }) => endpointHash),
      ],
    );
    return new Set(rows.map((row) => row.attempt_id));
  }
}

export const NO_PERMIT = `permit_id = null, endpoint_id = null, consent_entry_id = null, permit_leaf = null,
  permit_leaf_index = null, permit_tree_size = null, permit_path = null, permit_root = null, permit_signature = null,
  permit_key_id = null, endpoint_hash = null`;

export const CONCLUDED =
  'a.attempt_id, a.intent_id, a.campaign_id, a.contact_id, a.outcome, a.reason, a.traceparent';

export function concludedOf(row: ConcludedRow): Concluded {
  return {
    attemptId: row.attempt_id,
    intentId: row.intent_id ?? '',
    campaignId: row.campaign_id ?? '',
    contactId: row.contact_id,
    outcome: row.outcome,
    reason: row.reason,
    ...(row.traceparent !== null && { traceparent: row.traceparent }),
  };
}
