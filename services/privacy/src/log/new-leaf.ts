/**
 * A leaf that rests on a service's key. It names the latest leaf about the keys of that service, from which all of them
 * can be followed back: so the leaves alone show that the key was valid there. Which leaf that is, is known only to
 * whoever writes alone.
 */
export interface LeafUnderKey {
  service: string;
  keyId: string;
  /** `keys`: index of that leaf, as others see it. */
  leaf: (keys: number) => Buffer;
}

export type NewLeaf = Buffer | LeafUnderKey;
