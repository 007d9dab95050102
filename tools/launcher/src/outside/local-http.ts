import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';

export class HttpProblem extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export interface HttpRequest {
  method: string;
  url: URL;
  /** The path's parts, decoded. */
  path: string[];
  json(): Promise<unknown>;
}

export type HttpHandler = (request: HttpRequest, response: ServerResponse) => Promise<void> | void;

/** An export of 512 spans is some 400 kB. */
const bodyLimit = 4 << 20;

/** A small HTTP server on 127.0.0.1. */
export async function serveLocally(
  port: number,
  handle: HttpHandler,
): Promise<{ server: Server; port: number }> {
  const server = createServer((request, response) => {
    void answer(request, response, handle);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return { server, port: (server.address() as AddressInfo).port };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  handle: HttpHandler,
): Promise<void> {
  try {
    const host = request.headers.host ?? '';
    // A page elsewhere may give a name of its own this address, to read through the user's browser.
    if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host)) throw new HttpProblem(421, 'unknown host');
    const url = new URL(request.url ?? '/', `http://${host}`);
    const path = url.pathname.split('/').filter(Boolean).map(decodeURIComponent);
    await handle({ method: request.method ?? 'GET', url, path, json: () => readJson(request) }, response);
  } catch (error) {
    const status = error instanceof HttpProblem ? error.status : error instanceof URIError ? 400 : 500;
    if (response.headersSent) response.destroy();
    else sendJson(response, status, { title: (error as Error).message, status }, 'application/problem+json');
  }
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  type = 'application/json',
): void {
  response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bodyLimit) throw new HttpProblem(413, `a body has at most ${bodyLimit} bytes`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
  } catch {
    throw new HttpProblem(400, 'the body is not JSON');
  }
}
