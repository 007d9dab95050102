import { refusal } from '../errors.js';

/** What no text file holds: control characters other than tab, line ends and form feed. */
const CONTROL = /[\u0000-\u0008\u000b\u000e-\u001f]/;

/**
 * The text of an upload, piece by piece, without its byte order mark. Whatever is not text ends the import here, before
 * anything of it reaches the parser.
 */
export async function* textOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const chunk of body) yield decoded(decoder, chunk);
  const rest = decoded(decoder, undefined);
  if (rest !== '') yield rest;
}

function decoded(decoder: InstanceType<typeof TextDecoder>, chunk: Uint8Array | undefined): string {
  let text: string;
  try {
    text = chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch {
    // A picture is no UTF-8 either; whoever sent one is told so, and not to change the encoding.
    throw refusal(
      chunk && CONTROL.test(Buffer.from(chunk).toString('latin1')) ? 'CSV_BINARY' : 'CSV_NOT_UTF8',
    );
  }
  if (CONTROL.test(text)) throw refusal('CSV_BINARY');
  return text;
}
