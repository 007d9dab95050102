import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';

export interface DoubleRequest {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  body: Buffer;
}

/** How the next request is answered, in place of what would be: `silent` takes it and never answers. */
export type Mishap = { status: number; body?: string } | 'silent' | 'cut';

/** An HTTP server of a spec's own that speaks the protocol of an outside service, and can be told to go wrong. */
export class DoubleServer {
  /** How many requests came. */
  requests = 0;
  private readonly mishaps: Mishap[] = [];
  private readonly server: Server;

  constructor(private readonly answer: (asked: DoubleRequest) => void | Promise<void>) {
    this.server = createServer((request, response) => {
      void this.take(request, response);
    });
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The next requests go wrong like this, one after the other. */
  next(...mishaps: Mishap[]): void {
    this.mishaps.push(...mishaps);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests += 1;
    const mishap = this.mishaps.shift();
    if (mishap === 'silent') return;
    if (mishap === 'cut') return void request.socket.destroy();
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      // Whoever asked went away in the middle: so does what they sent.
      return;
    }
    if (mishap) {
      response.writeHead(mishap.status, { 'content-type': 'application/x-amz-json-1.1' });
      return void response.end(mishap.body ?? '{}');
    }
    const url = new URL(request.url ?? '/', 'http://double');
    await this.answer({ request, response, url, body: Buffer.concat(chunks) });
  }
}
