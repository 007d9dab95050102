import { type Identifier } from '../probe-forms.js';

/** What is searched for: one address of one person. */
export interface Needle extends Identifier {
  tenantId: string;
  requestId: string;
  subjectId: string;
  /** Somebody who lives has the same address: what is found is not taken for theirs who is gone. */
  living: boolean;
}

/** One way in which a needle may have been written down. */
export interface Form {
  needle: number;
  /** In lower case: the search tells no cases apart. */
  folded: Buffer;
  /** Where cases matter: the bytes as they must stand there. */
  exact?: Buffer;
  /** An address in clear: what borders on it may make another address of it. */
  bounded: boolean;
}

/** Numbers in digits alone, as they are dialled at home and from abroad: compared whole. */
export type Dialled = Map<string, number[]>;

export interface NeedleForms {
  forms: Form[];
  dialled: Dialled;
}

/**
 * SPEC: ITU-T E.164, list of assigned codes: those of one digit and of two; all others have three. No code begins
 * another.
 */
const ONE_DIGIT = new Set(['1', '7']);
const TWO_DIGITS = new Set(
  '20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98'.split(
    ' ',
  ),
);

/**
 * Every form that is looked for as it stands: in clear, in base64 at each of three alignments, in hex and in UTF-16.
 * Escapes (percent, quoted-printable, JSON, HTML) are not among them: what holds some is read without them as well.
 */
export function formsOf(needles: readonly Needle[]): NeedleForms {
  const forms: Form[] = [];
  const dialled: Dialled = new Map();
  needles.forEach(({ channel, address }, needle) => {
    const lower = address.toLowerCase();
    forms.push({ needle, folded: Buffer.from(lower), bounded: true });
    forms.push({ needle, folded: Buffer.from(Buffer.from(lower).toString('hex')), bounded: false });
    forms.push({ needle, folded: Buffer.from(lower, 'utf16le'), bounded: false });
    for (const text of new Set([address, lower])) {
      for (const base64 of base64Forms(Buffer.from(text))) {
        forms.push({
          needle,
          folded: Buffer.from(base64.toLowerCase()),
          exact: Buffer.from(base64),
          bounded: false,
        });
      }
    }
    if (channel === 'voice') for (const digits of dialledForms(address)) add(dialled, digits, needle);
  });
  return { forms, dialled };
}

/** `+14155550142`: 4155550142, 14155550142, 0014155550142 ... */
export function dialledForms(e164: string): string[] {
  const digits = e164.replace(/\D/g, '');
  const code = callingCode(digits);
  const national = digits.slice(code.length);
  if (national.length < 6) return [digits];
  const trunk = code === '7' ? ['8'] : ['0'];
  return [national, digits, `00${digits}`, `011${digits}`, ...trunk.map((prefix) => prefix + national)];
}

function callingCode(digits: string): string {
  if (ONE_DIGIT.has(digits.slice(0, 1))) return digits.slice(0, 1);
  return TWO_DIGITS.has(digits.slice(0, 2)) ? digits.slice(0, 2) : digits.slice(0, 3);
}

/** In a longer text a value may begin at any of three places of a group; what borders on others is left off. */
function base64Forms(bytes: Buffer): string[] {
  const forms = [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replaceAll('=', '');
    const end = (before + bytes.length) % 3 === 0 ? text.length : text.length - 1;
    const inner = text.slice(before === 0 ? 0 : before + 1, end);
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });
  return [...new Set(forms)];
}

function add(dialled: Dialled, digits: string, needle: number): void {
  const known = dialled.get(digits);
  if (known) known.push(needle);
  else dialled.set(digits, [needle]);
}
