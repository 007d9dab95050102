import { SetMetadata } from '@nestjs/common';

/** How a route takes its body. */
export type BodyKind = { read: 'parsed' | 'raw'; mostBytes: number } | { read: 'not' };

export const BODY = 'heed.body';

const KILOBYTE = 1024;
export const DEFAULT_BODY: BodyKind = { read: 'parsed', mostBytes: 256 * KILOBYTE };

/** JSON or a form, up to another size than 256 KB. */
export const BodyLimit = (mostBytes: number) =>
  SetMetadata<string, BodyKind>(BODY, { read: 'parsed', mostBytes });

/** The very bytes as a Buffer, whatever their type: a webhook's signature is over them. */
export const RawBody = (mostBytes = 64 * KILOBYTE) =>
  SetMetadata<string, BodyKind>(BODY, { read: 'raw', mostBytes });

/** Nothing is read: the route takes `@Req()` as a stream (an upload). `limited` of this lib bounds it. */
export const StreamedBody = () => SetMetadata<string, BodyKind>(BODY, { read: 'not' });
