import { checkpointText, signNote, vkeyOf, type SigningKey } from '@heed/kernel';

/** The key that signs checkpoints, under the log's name (origin). */
export class LogKey {
  /** What verifiers are given, by another way than the certificate: `<name>+<hash>+<base64 of algorithm and key>`. */
  readonly vkey: string;

  constructor(
    readonly origin: string,
    private readonly key: SigningKey,
  ) {
    this.vkey = vkeyOf('log', origin, key.publicKey);
  }

  under(origin: string): LogKey {
    return origin === this.origin ? this : new LogKey(origin, this.key);
  }

  /** SPEC: C2SP tlog-checkpoint: the text, an empty line, the signature's line. */
  signCheckpoint(size: number, root: Buffer): string {
    const text = checkpointText({ origin: this.origin, size, root });
    return `${text}\n${signNote(text, this.origin, this.key)}`;
  }
}
