import { Injectable } from '@nestjs/common';
import { type Statements } from '@heed/postgres';

export interface Heartbeat {
  senderId: string;
  beats: bigint;
}

/** Rows of sending processes. */
@Injectable()
export class SenderStore {
  async begin(tx: Statements, senderId: string, at: Date): Promise<void> {
    await tx.execute('insert into sender (sender_id, started_at, beat_at) values ($1, $2, $2)', [
      senderId,
      at,
    ]);
  }

  /** False: somebody found this sender silent. It may conclude nothing from here on. */
  async beat(tx: Statements, senderId: string, at: Date): Promise<boolean> {
    const beaten = await tx.execute(
      'update sender set beats = beats + 1, beat_at = $2 where sender_id = $1 and lost_at is null',
      [senderId, at],
    );
    return beaten === 1;
  }

  async beating(tx: Statements): Promise<Heartbeat[]> {
    const rows = await tx.query<{ sender_id: string; beats: string }>(
      'select sender_id, beats from sender where lost_at is null',
    );
    return rows.map((row) => ({ senderId: row.sender_id, beats: BigInt(row.beats) }));
  }

  /** Takes a sender its right to conclude, unless it has shown itself since `beats` was seen. */
  async declareLost(tx: Statements, { senderId, beats }: Heartbeat, at: Date): Promise<boolean> {
    const lost = await tx.execute(
      'update sender set lost_at = $3 where sender_id = $1 and beats = $2 and lost_at is null',
      [senderId, beats, at],
    );
    return lost === 1;
  }

  async unswept(tx: Statements): Promise<string[]> {
    const rows = await tx.query<{ sender_id: string }>(
      'select sender_id from sender where lost_at is not null and swept_at is null',
    );
    return rows.map((row) => row.sender_id);
  }

  async swept(tx: Statements, senderIds: readonly string[], at: Date): Promise<void> {
    await tx.execute(
      'update sender set swept_at = $2 where sender_id = any ($1::uuid[]) and swept_at is null',
      [senderIds, at],
    );
  }

  /** A sender that ended with nothing in hand. */
  async end(tx: Statements, senderId: string, at: Date): Promise<void> {
    await tx.execute(
      'update sender set lost_at = $2, swept_at = $2 where sender_id = $1 and lost_at is null',
      [senderId, at],
    );
  }

  async forget(tx: Statements, before: Date): Promise<void> {
    await tx.execute('delete from sender where swept_at < $1', [before]);
  }
}
