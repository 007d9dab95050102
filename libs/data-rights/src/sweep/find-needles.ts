import { formsOf, type Dialled, type Form, type Needle } from './needle-forms.js';
import { unescaped } from './unescape.js';

/** Bytes that are hashed together, and into how many places: with fewer, some thousand needles leave nothing to skip by. */
const BLOCK = 4;
const TABLE_BITS = 20;
const TABLE = 1 << TABLE_BITS;
/** The most digits that a number has with its prefixes, and the parts that people write it in. */
const MOST_DIGITS = 18;
const MOST_PARTS = 8;
const NUMBER = /\d[\d ()./\u00a0-]{4,40}\d/g;

/** Each byte in lower case. */
const FOLD = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 65 && byte <= 90 ? byte + 32 : byte));
const ADDRESS_BEFORE = /(?:[a-z0-9]|[a-z0-9][._+-])$/i;
const ADDRESS_AFTER = /^(?:[a-z0-9-]|\.[a-z0-9])/i;

/** A form, and where in it its window begins. */
interface Windowed {
  form: Form;
  from: number;
}

/**
 * Many needles in one pass over the bytes (Wu and Manber, 1994): four bytes at a time say how far the next place is at
 * which any of them can end, so most of the text is never looked at, however many needles there are.
 */
export class FindNeedles {
  private readonly dialled: Dialled;
  private readonly shortest: number;
  /** How far to go on where a block stands; 0 where some form's window may end here. */
  private readonly shifts = new Uint8Array(TABLE);
  private readonly ending = new Map<number, Windowed[]>();
  /** Whether a window that begins so ends somewhere: most of what ends alike begins otherwise. */
  private readonly beginning = new Uint8Array(TABLE);

  constructor(needles: readonly Needle[]) {
    const { forms, dialled } = formsOf(needles);
    this.dialled = dialled;
    this.shortest = Math.min(255, ...forms.map(({ folded }) => folded.length));
    this.shifts.fill(Math.max(1, this.shortest - BLOCK + 1));
    for (const form of forms) this.take(form);
  }

  /**
   * A form is known by a window of its own, as long as the shortest form is: where it ends in something rare. Addresses
   * begin and end alike, and whatever is looked at begins with them all otherwise.
   */
  private take(form: Form): void {
    const { shifts, shortest, ending } = this;
    const { folded } = form;
    let best = { size: Infinity, from: 0 };
    for (let from = 0; from <= folded.length - shortest && best.size > 0; from += 1) {
      const size = ending.get(hashAt(folded, from + shortest - 1))?.length ?? 0;
      if (size < best.size) best = { size, from };
    }
    const { from } = best;
    for (let end = BLOCK; end <= shortest; end += 1) {
      const at = hashAt(folded, from + end - 1);
      shifts[at] = Math.min(shifts[at]!, shortest - end);
    }
    const last = hashAt(folded, from + shortest - 1);
    this.beginning[hashAt(folded, from + BLOCK - 1)] = 1;
    const others = ending.get(last);
    if (others) others.push({ form, from });
    else ending.set(last, [{ form, from }]);
  }

  /** Needles that stand in these bytes, by number. `isText` is false for bytes of a form of their own. */
  in(bytes: Buffer, isText: boolean): Set<number> {
    const found = new Set<number>();
    this.asTheyAre(bytes, isText, found);
    const text = bytes.toString('latin1');
    const plain = unescaped(text);
    if (plain !== text) this.asTheyAre(Buffer.from(plain, 'latin1'), isText, found);
    if (this.dialled.size > 0) {
      this.numbersIn(text, found);
      if (plain !== text) this.numbersIn(plain, found);
    }
    return found;
  }

  private asTheyAre(bytes: Buffer, isText: boolean, found: Set<number>): void {
    const { shifts, shortest, ending, beginning } = this;
    for (let at = shortest - 1; at < bytes.length;) {
      const hash = hashAt(bytes, at);
      const shift = shifts[hash]!;
      if (shift > 0) {
        at += shift;
        continue;
      }
      const begin = at - shortest + 1;
      at += 1;
      if (beginning[hashAt(bytes, begin + BLOCK - 1)] === 0) continue;
      for (const { form, from } of ending.get(hash) ?? []) {
        if (!found.has(form.needle) && stands(form, bytes, begin - from, isText)) found.add(form.needle);
      }
    }
  }

  /** Digits that are written in parts, as people do: every run of neighbouring parts is compared whole. */
  private numbersIn(text: string, found: Set<number>): void {
    for (const [number] of text.matchAll(NUMBER)) {
      const parts = number.split(/\D+/);
      for (let from = 0; from < parts.length; from += 1) {
        let digits = '';
        for (let to = from; to < Math.min(parts.length, from + MOST_PARTS); to += 1) {
          digits += parts[to]!;
          if (digits.length > MOST_DIGITS) break;
          for (const needle of this.dialled.get(digits) ?? []) found.add(needle);
        }
      }
    }
  }
}

function hashAt(bytes: Uint8Array, at: number): number {
  const block =
    (FOLD[bytes[at - 3]!]! << 24) |
    (FOLD[bytes[at - 2]!]! << 16) |
    (FOLD[bytes[at - 1]!]! << 8) |
    FOLD[bytes[at]!]!;
  return Math.imul(block, 0x9e3779b1) >>> (32 - TABLE_BITS);
}

function stands({ folded, exact, bounded }: Form, bytes: Buffer, from: number, isText: boolean): boolean {
  if (from < 0 || from + folded.length > bytes.length) return false;
  for (let i = 0; i < folded.length; i += 1) if (FOLD[bytes[from + i]!] !== folded[i]) return false;
  if (exact && bytes.compare(exact, 0, exact.length, from, from + exact.length) !== 0) return false;
  return !bounded || !isPartOfAnother(bytes, from, folded.length, isText);
}

/** ann@example.org stands in joann@example.org, who is somebody else, and +4420 in +44201. */
function isPartOfAnother(bytes: Buffer, from: number, length: number, isText: boolean): boolean {
  const before = bytes.subarray(Math.max(0, from - 2), from).toString('latin1');
  // In encoded messages a length stands before a value, and may look like a letter; what comes behind may be anything.
  const isLength = !isText && bytes[from - 1] === length;
  if (ADDRESS_BEFORE.test(before) && !isLength) return true;
  return isText && ADDRESS_AFTER.test(bytes.subarray(from + length, from + length + 2).toString('latin1'));
}
