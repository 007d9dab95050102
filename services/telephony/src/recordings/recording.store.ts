import { Injectable } from '@nestjs/common';
import { type Tx } from '@heed/postgres';
import { In } from 'typeorm';
import { RecordingEntity } from './recording.entity.js';
import { type RecordingState } from './recording.js';

@Injectable()
export class RecordingStore {
  /** There will be an object. */
  async expect(tx: Tx, callId: string, contactId: string, at: Date): Promise<void> {
    await tx.execute(
      `insert into recording (tenant_id, call_id, contact_id, state, expected_at) values ($1, $2, $3, 'expected', $4)
       on conflict on constraint recording_pkey do nothing`,
      [tx.tenantId, callId, contactId, at],
    );
  }

  async stored(tx: Tx, callId: string, bytes: number, at: Date): Promise<void> {
    await tx.execute(
      `update recording set state = 'stored', bytes = $3, stored_at = $4
       where tenant_id = $1 and call_id = $2 and state = 'expected'`,
      [tx.tenantId, callId, bytes, at],
    );
  }

  async lost(tx: Tx, callId: string, reason: string): Promise<void> {
    await tx.execute(
      `update recording set state = 'lost', reason = $3
       where tenant_id = $1 and call_id = $2 and state = 'expected'`,
      [tx.tenantId, callId, reason],
    );
  }

  async find(tx: Tx, callId: string): Promise<RecordingEntity | undefined> {
    const { tenantId } = tx;
    return (await tx.manager.findOneBy(RecordingEntity, { tenantId, callId })) ?? undefined;
  }

  async statesOf(tx: Tx, callIds: readonly string[]): Promise<Map<string, RecordingState>> {
    if (callIds.length === 0) return new Map();
    const where = { tenantId: tx.tenantId, callId: In([...callIds]) };
    const rows = await tx.manager.find(RecordingEntity, { where });
    return new Map(rows.map(({ callId, state }) => [callId, state]));
  }

  /** Kept ones of these people, oldest first. */
  storedOf(tx: Tx, contactIds: readonly string[]): Promise<RecordingEntity[]> {
    const where = { tenantId: tx.tenantId, contactId: In([...contactIds]), state: 'stored' as const };
    return tx.manager.find(RecordingEntity, { where, order: { callId: 'ASC' } });
  }
}
