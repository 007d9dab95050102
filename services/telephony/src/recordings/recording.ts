import { objectPrefix } from '@heed/data-rights';

export type RecordingState = 'expected' | 'stored' | 'lost';

/** Name of the store in the data map, and of the folder that its objects lie in. */
export const RECORDINGS = 'recordings';

/** Some 35 minutes of a telephone line. A seal is made of the whole, in memory. */
export const LARGEST_RECORDING = 32 * 1024 * 1024;

/** Where the object lies: under its person, so that an erasure finds it without a list. */
export function recordingKey(tenantId: string, contactId: string, callId: string): string {
  return `${objectPrefix(RECORDINGS, tenantId, contactId)}${callId}`;
}

/** Where the pieces of a running recording lie: under its person too. */
export function piecesPrefix(tenantId: string, contactId: string, callId: string): string {
  return `${objectPrefix(RECORDINGS, tenantId, contactId)}${callId}.pieces/`;
}

export function pieceKey(tenantId: string, contactId: string, callId: string, index: number): string {
  return `${piecesPrefix(tenantId, contactId, callId)}${String(index).padStart(6, '0')}`;
}

/** What the seal binds. */
export const placeOf = (callId: string) => ({ table: 'recording', row: callId, column: 'object' });
export const placeOfPiece = (callId: string, index: number) => ({
  table: 'recording',
  row: callId,
  column: `piece.${index}`,
});
