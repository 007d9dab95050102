/** An event as it lies in an outbox. */
export interface OutboxRow {
  seq: bigint;
  id: string;
  tenantId: string;
  type: string;
  topic: string;
  shard: number;
  key: string;
  subject: string | null;
  sequence: bigint | null;
  occurredAt: Date;
  traceparent: string | null;
  payload: Buffer;
}
