/** SPEC: RFC 2045, 6.8: 76 characters of base64 a line, and two that end it. */
const LINE = 76;
const LINE_END = 2;

/**
 * How many bytes a mail has without its headers, about: plain ASCII travels as it is, else a text in quoted-printable, files
 * in base64.
 */
export function mailBytes(texts: readonly string[], files: readonly { size: number }[]): number {
  const ofTexts = texts.map((text) =>
    [...Buffer.from(text)].reduce((sum, byte) => sum + (byte < 0x80 && byte !== 0x3d ? 1 : 3), 0),
  );
  const ofFiles = files.map(({ size }) => {
    const characters = Math.ceil(size / 3) * 4;
    return characters + Math.ceil(characters / LINE) * LINE_END;
  });
  return [...ofTexts, ...ofFiles].reduce((sum, bytes) => sum + bytes, 0);
}
