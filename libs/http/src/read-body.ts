import { type IncomingMessage } from 'node:http';
import { Transform } from 'node:stream';
import { DomainError, isDomainError } from '@heed/kernel';

const READ_WITHIN_MS = 30_000;
const MOST_FORM_FIELDS = 1_000;

/** All bytes of a body, refused as soon as they are too many. */
export async function readBytes(request: IncomingMessage, mostBytes: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > mostBytes) throw tooLarge(mostBytes);
  if ((request.headers['content-encoding'] ?? 'identity') !== 'identity') {
    throw new DomainError('BODY_ENCODED', 'invalid-argument', { message: 'send the body uncompressed' });
  }
  // Whoever sends a byte a minute holds a connection and a handler; the server's own limit allows for uploads.
  const slow = setTimeout(() => request.destroy(), READ_WITHIN_MS);
  try {
    const parts: Buffer[] = [];
    let size = 0;
    for await (const part of request as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > mostBytes) throw tooLarge(mostBytes);
      parts.push(part);
    }
    return Buffer.concat(parts);
  } catch (error) {
    throw isDomainError(error) ? error : brokenOff();
  } finally {
    clearTimeout(slow);
  }
}

/** The value that JSON or a form states; undefined for an empty body. */
export function parse(bytes: Buffer, contentType: string | undefined): unknown {
  if (bytes.length === 0) return undefined;
  const [type = ''] = (contentType ?? '').toLowerCase().split(';');
  switch (type.trim()) {
    case 'application/json':
      return parseJson(bytes);
    case 'application/x-www-form-urlencoded':
      return parseForm(bytes);
    default:
      throw new DomainError('MEDIA_TYPE_UNSUPPORTED', 'invalid-argument', {
        message: 'send application/json or application/x-www-form-urlencoded',
      });
  }
}

/** A stream that fails once it has carried more than `mostBytes`. */
export function limited(source: NodeJS.ReadableStream, mostBytes: number): NodeJS.ReadableStream {
  let size = 0;
  const guard = new Transform({
    transform(part: Buffer, _, done) {
      size += part.length;
      if (size > mostBytes) done(tooLarge(mostBytes));
      else done(null, part);
    },
  });
  // pipe() alone would leave the reader waiting for ever when the sender breaks off.
  source.on('error', () => guard.destroy(brokenOff()));
  source.on('close', () => {
    if (!guard.writableEnded) guard.destroy(brokenOff());
  });
  return source.pipe(guard);
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new DomainError('BODY_MALFORMED', 'invalid-argument', { message: 'the body is not JSON in UTF-8' });
  }
}

function parseForm(bytes: Buffer): Record<string, string> {
  const fields = [...new URLSearchParams(bytes.toString('utf8'))];
  if (fields.length > MOST_FORM_FIELDS) {
    throw new DomainError('BODY_MALFORMED', 'invalid-argument', { message: 'the form has too many fields' });
  }
  return Object.fromEntries(fields);
}

function tooLarge(mostBytes: number): DomainError {
  return new DomainError('BODY_TOO_LARGE', 'invalid-argument', {
    message: `the body may have ${mostBytes} bytes at most`,
    metadata: { most_bytes: String(mostBytes) },
  });
}

/** The sender's own doing: no fault of ours, and nobody is left to tell. */
function brokenOff(): DomainError {
  return new DomainError('BODY_BROKEN_OFF', 'aborted', { message: 'the body ended before it was whole' });
}
