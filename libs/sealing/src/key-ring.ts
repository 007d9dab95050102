import { masterKeyUnknown } from './kms-error.js';
import { type KeyContext, type KeyManagement } from './kms.js';

/** One master key that wraps, and older ones that still unwrap: while what they wrapped is wrapped anew. */
export class KeyRing implements KeyManagement {
  constructor(
    private readonly present: KeyManagement,
    private readonly older: readonly KeyManagement[],
  ) {}

  get keyId(): string {
    return this.present.keyId;
  }

  holds(keyId: string): boolean {
    return this.all().some((kms) => kms.holds(keyId));
  }

  wrap(keys: readonly { key: Buffer; context: KeyContext }[]): Promise<Buffer[]> {
    return this.present.wrap(keys);
  }

  /** Each kept by whoever holds its master key, in one call each. */
  async unwrap(keys: readonly { wrapped: Buffer; keyId: string; context: KeyContext }[]): Promise<Buffer[]> {
    const byHolder = Map.groupBy(keys, ({ keyId }) => {
      const holder = this.all().find((kms) => kms.holds(keyId));
      if (!holder) throw masterKeyUnknown(keyId);
      return holder;
    });
    const opened = new Map<object, Buffer>();
    for (const [holder, items] of byHolder) {
      const buffers = await holder.unwrap(items);
      items.forEach((item, at) => opened.set(item, buffers[at]!));
    }
    return keys.map((key) => opened.get(key)!);
  }

  private all(): KeyManagement[] {
    return [this.present, ...this.older];
  }
}
