/** Texts for specs: what has gone wrong in mails. */
export const ODD_TEXTS: Record<string, string> = {
  'plain text': 'Hello Ada\n.\nBye',
  'nothing at the end of its last line': 'Hello Ada',
  'a line break at its end': 'Hello Ada\r\n',
  umlauts: 'Grüße aus Köln, schöne Tage und bis bald.\nÄÖÜ ',
  'long lines': `${'Hello Ada, '.repeat(200)}\n${'x'.repeat(1_200)}`,
  'long lines of umlauts': 'ä ö ü ß '.repeat(300),
  'another script': 'नमस्ते आदा, '.repeat(120),
  'spaces before line breaks': 'a \nb\t\n=3D \n',
  'lines that open an mbox': `From Ada\n From\nFrom: x\n${'y'.repeat(73)}From here`,
  'lines of 70 to 80 characters': Array.from({ length: 11 }, (_, more) => 'z'.repeat(70 + more)).join('\n'),
  'dots alone': '.\n..\n.x\n\n.\n',
  'line breaks of all kinds': 'a\rb\nc\r\nd\n\re',
  'control characters': 'a\u0000b\u0007c\u001bd',
  'half a character': 'a\ud800b\udc00',
  nothing: '',
};

const PIECES = [
  ...[
    'a',
    'Hello ',
    ' ',
    '  ',
    '\t',
    '=',
    '=?',
    '?=',
    '_',
    '.',
    '\n',
    '\r\n',
    '\r',
    '"',
    '\\',
    '<b>',
    '@',
    ',',
    ';',
  ],
  ...[
    'ä',
    'ß',
    'é',
    'ह',
    'न',
    '你好',
    '👩‍👩‍👧',
    '\u00a0',
    '\u200d',
    '\u202e',
    '=_',
    '--',
    'From ',
    'x'.repeat(77),
  ],
];

/** Some text made of what is hard to write, the same for the same seed. */
export function oddText(seed: number, most: number): string {
  let state = seed * 2_654_435_761;
  const next = (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const wanted = next(most);
  let text = '';
  while (text.length < wanted) text += PIECES[next(PIECES.length)]!;
  return text;
}
