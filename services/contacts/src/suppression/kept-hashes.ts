import { declareStore } from '@heed/data-map';

export const SUPPRESSED = 'suppressed-address';

/** LAW: GDPR 21(3): kept because the person objected, so that they are not contacted again. */
export const suppressedAddresses = declareStore({
  kind: 'hashes',
  name: SUPPRESSED,
  description:
    'Keyed hashes of addresses that must stay silent, also off site: asked about, never listed or read back',
  ground: 'objection',
});
