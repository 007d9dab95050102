import canonicalize from 'canonicalize';

/** JSON in the one form of RFC 8785: equal values give equal bytes, so that they can be hashed and signed. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('canonicalJson: the value has no JSON form');
  return text;
}
