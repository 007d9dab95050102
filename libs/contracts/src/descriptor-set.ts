import { readFileSync } from 'node:fs';

/** The contracts as an encoded google.protobuf.FileDescriptorSet: for reflection and for clients in any language. */
export function descriptorSet(): Buffer {
  return readFileSync(new URL('../descriptors/heed.binpb', import.meta.url));
}
