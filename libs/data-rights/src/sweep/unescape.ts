/** What tells that a text may hold an escape or a number that was folded. */
const ESCAPE =
  /%[0-9a-f]{2}|=[0-9a-f]{2}|=\r?\n|\\u00[0-9a-f]{2}|\\x[0-9a-f]{2}|\\[nrtbf"/\\]|&#(?:x[0-9a-f]{1,4}|\d{1,5});|&(?:plus|commat|period|lowbar|hyphen);/gi;
const NAMED: Record<string, string> = {
  '&plus;': '+',
  '&commat;': '@',
  '&period;': '.',
  '&lowbar;': '_',
  '&hyphen;': '-',
};

/**
 * A text without its escapes: percent, quoted-printable with its soft line ends, JSON and HTML, in any mixture; twice, for
 * what was escaped in what was escaped. The same text where there are none.
 */
export function unescaped(latin1: string): string {
  const once = latin1.replace(ESCAPE, plain);
  return once === latin1 ? latin1 : once.replace(ESCAPE, plain);
}

function plain(escape: string): string {
  if (escape.startsWith('%') || escape.startsWith('=')) {
    return escape.includes('\n') ? '' : String.fromCharCode(parseInt(escape.slice(1), 16));
  }
  // What a letter stands for separates; only that it is no letter any more counts.
  if (escape.startsWith('\\') && escape.length === 2) return /[nrtbf]/i.test(escape[1]!) ? '\n' : escape[1]!;
  if (escape.startsWith('\\')) return String.fromCharCode(parseInt(escape.slice(2), 16));
  const named = NAMED[escape.toLowerCase()];
  if (named !== undefined) return named;
  const number = escape.slice(2, -1);
  return String.fromCharCode(/^x/i.test(number) ? parseInt(number.slice(1), 16) : parseInt(number, 10));
}
