import canonicalize from 'canonicalize';

/** Deeper than anything that is signed; the library says what is wrong with a value that never ends. */
const DEEPEST = 16;

/** JSON in the one form of RFC 8785: equal values give equal bytes, so that they can be hashed and signed. */
export function canonicalJson(value: unknown): string {
  const walk: Walk = { isPlain: true };
  const ordered = inOrder(value, walk, 0);
  const text = walk.isPlain ? JSON.stringify(ordered) : canonicalize(value);
  if (text === undefined) throw new TypeError('canonicalJson: the value has no JSON form');
  return text;
}

interface Walk {
  /** Nothing but what JSON itself knows has been met: all else is left to the library. */
  isPlain: boolean;
}

/**
 * The value with the members of its objects in the order of RFC 8785. SPEC: its section 3.2.2 writes strings and numbers
 * as ECMAScript's JSON.stringify does, which is native: what permits and statements are made of is written four times
 * faster than by the library, and there is one of each in every message and every erasure.
 */
function inOrder(value: unknown, walk: Walk, depth: number): unknown {
  if (typeof value === 'string') {
    if (!value.isWellFormed()) walk.isPlain = false;
    return value;
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) walk.isPlain = false;
    return value;
  }
  if (typeof value === 'boolean' || value === null) return value;
  if (Array.isArray(value) && depth < DEEPEST) return value.map((item) => inOrder(item, walk, depth + 1));
  if (!isRecord(value) || depth === DEEPEST) {
    walk.isPlain = false;
    return value;
  }
  const ordered: Record<string, unknown> = {};
  for (const key of Object.keys(value).sort()) {
    // Members that are named by numbers come first in every object, whatever the order in which they were added; and the
    // prototype's name cannot be assigned.
    if (!key.isWellFormed() || (key.charCodeAt(0) <= NINE && key !== '') || key === '__proto__')
      walk.isPlain = false;
    ordered[key] = inOrder(value[key], walk, depth + 1);
  }
  return ordered;
}

const NINE = '9'.charCodeAt(0);

function isRecord(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    Object.getPrototypeOf(value) === Object.prototype &&
    !('toJSON' in (value as object))
  );
}
