import { Injectable } from '@nestjs/common';
import { newId } from '@heed/kernel';
import { type HeldPermit } from '@heed/permits';
import { type Tx } from '@heed/postgres';
import { type CallEnd } from './call.js';
import { ENDED, endedCallOf, type EndedCall, type EndedRow } from './ended-call.js';

export interface NewCall {
  callId: string;
  /** Null for somebody who was erased. */
  contactId: string | null;
  purpose: string;
  placedBy: string | null;
  wantsRecording: boolean;
}

/**
 * What happens to calls. Every statement names the state that it relies on: whoever was found silent and wakes again
 * changes nothing, and sees that from the number of rows.
 */
@Injectable()
export class CallStore {
  /** With `end` where there is nothing to wait for. */
  async insert(tx: Tx, call: NewCall, at: Date, end?: CallEnd): Promise<void> {
    const { callId, contactId, purpose, placedBy, wantsRecording } = call;
    await tx.execute(
      `insert into call (tenant_id, row_id, call_id, contact_id, purpose, placed_by, wants_recording, state, outcome,
         reason, created_at, ended_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      [
        ...[tx.tenantId, newId(), callId, contactId, purpose, placedBy, wantsRecording],
        ...[end ? 'ended' : 'queued', end?.outcome ?? null, end?.reason ?? '', at, end ? at : null],
      ],
    );
  }

  /** Commits that the call may be placed, and under which permit. False: it is not waiting any more. */
  async arm(
    tx: Tx,
    callId: string,
    { proof, endpointHash }: Pick<HeldPermit, 'proof' | 'endpointHash'>,
    at: Date,
  ): Promise<boolean> {
    const armed = await tx.execute(
      `update call set state = 'armed', armed_at = $3, permit_id = $4, endpoint_id = $5, consent_entry_id = $6,
         permit_leaf = $7, permit_leaf_index = $8, permit_tree_size = $9, permit_path = $10, permit_root = $11,
         permit_signature = $12, permit_key_id = $13, endpoint_hash = $14
       where tenant_id = $1 and call_id = $2 and state = 'queued'`,
      [
        ...[tx.tenantId, callId, at, proof.permitId, proof.endpointId, proof.consentEntryId, proof.leaf],
        ...[proof.leafIndex, proof.treeSize, Buffer.concat(proof.path)],
        ...[proof.root, proof.signature, proof.keyId, Buffer.from(endpointHash, 'hex')],
      ],
    );
    return armed === 1;
  }

  /** Not a byte of it was written: it waits again. */
  async disarm(tx: Tx, callId: string): Promise<void> {
    await tx.execute(
      `update call set state = 'queued', armed_at = null, permit_id = null, endpoint_id = null, endpoint_hash = null,
         consent_entry_id = null, permit_leaf = null, permit_leaf_index = null, permit_tree_size = null,
         permit_path = null, permit_root = null, permit_signature = null, permit_key_id = null
       where tenant_id = $1 and call_id = $2 and state = 'armed'`,
      [tx.tenantId, callId],
    );
  }

  async late(tx: Tx, callId: string, lateMs: number): Promise<void> {
    await tx.execute('update call set late_ms = $3 where tenant_id = $1 and call_id = $2', [
      tx.tenantId,
      callId,
      lateMs,
    ]);
  }

  async ring(tx: Tx, callId: string): Promise<void> {
    await tx.execute(
      `update call set state = 'ringing' where tenant_id = $1 and call_id = $2 and state = 'armed'`,
      [tx.tenantId, callId],
    );
  }

  async answer(tx: Tx, callId: string, at: Date): Promise<void> {
    await tx.execute(
      `update call set state = 'answered', answered_at = $3
       where tenant_id = $1 and call_id = $2 and state in ('armed', 'ringing')`,
      [tx.tenantId, callId, at],
    );
  }

  /** The person has been told that they are recorded. */
  async announced(tx: Tx, callId: string, at: Date): Promise<void> {
    await tx.execute(
      `update call set announced_at = $3 where tenant_id = $1 and call_id = $2 and announced_at is null`,
      [tx.tenantId, callId, at],
    );
  }

  /** Undefined: it has ended before. */
  async end(
    tx: Tx,
    callId: string,
    { outcome, reason, durationMs, endedBy }: CallEnd,
    at: Date,
  ): Promise<EndedCall | undefined> {
    const wasAnswered = outcome === 'sent' ? new Date(at.getTime() - durationMs) : null;
    const [ended] = await tx.query<EndedRow>(
      `update call set state = 'ended', outcome = $3, reason = $4, duration_ms = $5, ended_at = $6,
         answered_at = coalesce(answered_at, $7), ended_by = $8
       where tenant_id = $1 and call_id = $2 and state <> 'ended'
       returning ${ENDED}`,
      [tx.tenantId, callId, outcome, reason, durationMs, at, wasAnswered, endedBy ?? null],
    );
    return ended && endedCallOf(ended);
  }
}
