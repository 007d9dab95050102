/** What ends a line in some reader's eyes, or shows nothing: C0, DEL, C1 (NEL is among them), U+2028 and U+2029. */
const BREAKERS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;
const BREAKER = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/** Whether a text would end the header that it stands in, and begin another. */
export function breaksLines(text: string): boolean {
  return BREAKER.test(text);
}

/** The same on one line: a value with a line break in it must not end the header and begin another. */
export function onOneLine(text: string): string {
  return text.replace(BREAKERS, ' ').toWellFormed().trim();
}
