import { type Server } from 'node:http';
import { HttpProblem, sendJson, serveLocally } from '../outside/local-http.js';
import { spansIn, type KeptSpan } from './span.js';

/** Some 300 bytes each. The oldest go first: whoever wants a tree asks soon after. */
const MOST_SPANS = 20_000;

/** Takes spans by OTLP/HTTP where no collector is configured, and keeps the latest of them in memory. */
export class TraceSink {
  private kept: KeptSpan[] = [];

  private constructor(
    private readonly server: Server,
    private readonly port: number,
    private readonly most: number,
  ) {}

  static async open(most: number = MOST_SPANS): Promise<TraceSink> {
    const { server, port } = await serveLocally(0, async ({ method, path, json }, response) => {
      if (method !== 'POST') throw new HttpProblem(405, 'spans are posted');
      const body = await json();
      // Metrics and logs are taken and let go: an exporter that is refused tries again and again.
      if (path.join('/') === 'v1/traces') sink.keep(spansIn(body));
      sendJson(response, 200, {});
    });
    const sink = new TraceSink(server, port, most);
    // It keeps no process alive: whoever opened it decides how long to stay.
    server.unref();
    return sink;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get spans(): readonly KeptSpan[] {
    return this.kept;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private keep(spans: KeptSpan[]): void {
    this.kept.push(...spans);
    if (this.kept.length > this.most) this.kept = this.kept.slice(-this.most);
  }
}
