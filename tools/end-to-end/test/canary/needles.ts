/** A value that is nowhere else in the world, and every form in which it may have been written down. */
export interface Needle {
  /** What it is: `email`. Never the value itself, which a failure would print into a log. */
  what: string;
  /** Compared without regard to case. */
  plain: string[];
  /** Base64: compared as it is. */
  exact: string[];
}

export function needle(what: string, ...values: string[]): Needle {
  return {
    what,
    plain: [...new Set(values.flatMap(plainForms).map((form) => form.toLowerCase()))],
    exact: [...new Set(values.flatMap((value) => base64Forms(Buffer.from(value))))],
  };
}

/** Bytes that are no text: a piece of a recording. */
export function bytesNeedle(what: string, bytes: Buffer): Needle {
  return { what, plain: [bytes.toString('hex')], exact: [bytes.toString('latin1'), ...base64Forms(bytes)] };
}

/** A number as people write it, besides E.164. */
export function phoneNeedle(what: string, e164: string): Needle {
  const [, area, exchange, line] = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(e164)!;
  return needle(
    what,
    ...[e164, `1${area}${exchange}${line}`, `${area}${exchange}${line}`, `(${area}) ${exchange}-${line}`],
    ...[`${area}-${exchange}-${line}`, `${area}.${exchange}.${line}`, `${area} ${exchange} ${line}`],
  );
}

/** What of the needles stands in a text; bytes are given as latin1 and as UTF-8. */
export function foundIn(haystack: string | Buffer, needles: readonly Needle[]): string[] {
  const texts =
    typeof haystack === 'string' ? [haystack] : [haystack.toString('latin1'), haystack.toString('utf8')];
  const lower = texts.map((text) => text.toLowerCase());
  return needles
    .filter(
      ({ plain, exact }) =>
        plain.some((form) => lower.some((text) => text.includes(form))) ||
        exact.some((form) => texts.some((text) => text.includes(form))),
    )
    .map(({ what }) => what);
}

function plainForms(value: string): string[] {
  const utf8 = Buffer.from(value);
  return [
    value,
    value.normalize('NFD'),
    utf8.toString('latin1'),
    utf8.toString('hex'),
    // %40, in whole or where it must be.
    encodeURIComponent(value),
    encodeURI(value),
    new URLSearchParams({ v: value }).toString().slice(2),
    // SPEC: RFC 2045, 6.7, and RFC 2047, 4.2: quoted-printable in bodies and in headers.
    quotedPrintable(utf8),
    quotedPrintable(utf8).replaceAll(' ', '_'),
    // \u0040, in whole or where JSON needs it.
    [...value].map((letter) => (/[\w .-]/.test(letter) ? letter : escaped(letter))).join(''),
    [...value].map((letter) => (letter.charCodeAt(0) > 126 ? escaped(letter) : letter)).join(''),
    value.replaceAll('@', '&#64;').replaceAll('&', '&amp;'),
    // Octal, as PostgreSQL escapes bytea.
    [...utf8].map((byte) => (byte > 126 ? `\\${byte.toString(8)}` : String.fromCharCode(byte))).join(''),
  ];
}

function escaped(letter: string): string {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function quotedPrintable(bytes: Buffer): string {
  return [...bytes]
    .map((byte) =>
      byte > 126 || byte === 0x3d || byte === 0x3f || byte === 0x5f || byte === 0x40
        ? `=${byte.toString(16).toUpperCase().padStart(2, '0')}`
        : String.fromCharCode(byte),
    )
    .join('');
}

/** In a longer text the value may begin at any of three places of a group; what borders on others is left off. */
function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replaceAll('=', '');
    const whole = text.slice(
      before === 0 ? 0 : before + 1,
      (before + bytes.length) % 3 === 0 ? undefined : -1,
    );
    return [whole, whole.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
