/** See src/claims.ts: what is verified by the file beside this one, as TypeScript sees it. */
export function verifyCertificate(file: Uint8Array, vkey: string, witnesses?: readonly string[]): unknown;
export function readVerifierKey(vkey: string): { name: string; hash: Buffer; publicKey: Buffer };
export function openCheckpoint(
  note: string,
  key: { name: string; hash: Buffer; publicKey: Buffer },
): { origin: string; size: number; root: Buffer };
