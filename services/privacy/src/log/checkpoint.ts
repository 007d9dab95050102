import { sha256, type SigningKey } from '@heed/kernel';

/** SPEC: C2SP signed-note: algorithm 1 is Ed25519. */
const ED25519 = Buffer.from([1]);

/** The key that signs checkpoints, under the log's name (origin). */
export class LogKey {
  private readonly hash: Buffer;
  /** What verifiers are given, by another way than the certificate: `<name>+<hash>+<base64 of algorithm and key>`. */
  readonly vkey: string;

  constructor(
    readonly origin: string,
    private readonly key: SigningKey,
  ) {
    const keyData = Buffer.concat([ED25519, key.publicKey]);
    this.hash = sha256(Buffer.from(`${origin}\n`), keyData).subarray(0, 4);
    this.vkey = `${origin}+${this.hash.toString('hex')}+${keyData.toString('base64')}`;
  }

  /** SPEC: C2SP tlog-checkpoint: origin, size, root, each on a line; an empty line; the signature's line. */
  signCheckpoint(size: number, root: Buffer): string {
    const text = `${this.origin}\n${size}\n${root.toString('base64')}\n`;
    const signature = Buffer.concat([this.hash, this.key.sign(Buffer.from(text))]).toString('base64');
    return `${text}\n\u2014 ${this.origin} ${signature}\n`;
  }
}
