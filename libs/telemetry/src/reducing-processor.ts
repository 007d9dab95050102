import { type Context } from '@opentelemetry/api';
import { type ReadableSpan, type Span, type SpanProcessor } from '@opentelemetry/sdk-trace';
import { isAllowedField } from './fields.js';

/** Attributes of foreign instrumentation (pg) that hold names of parts and statements without their parameters. */
const FOREIGN = new Set([
  'error.type',
  'db.system',
  'db.system.name',
  'db.name',
  'db.namespace',
  'db.operation',
  'db.operation.name',
  'db.statement',
  'db.query.text',
  'db.response.status_code',
  'net.peer.name',
  'net.peer.port',
  'server.address',
  'server.port',
  'exception.type',
]);

const STATEMENTS = new Set(['db.statement', 'db.query.text']);
// Our statements carry their values as parameters; one that was put together by hand would carry them in quotes.
const LITERAL = /'(?:[^']|'')*'/g;

/**
 * Stands before every exporter and lets pass what is on the list. Our own spans are reduced when they are made; the
 * instrumentation of pg puts the server's error text, which quotes values, into the status and into an event.
 */
export class ReducingProcessor implements SpanProcessor {
  constructor(private readonly next: SpanProcessor) {}

  onStart(span: Span, parentContext: Context): void {
    this.next.onStart(span, parentContext);
  }

  onEnd(span: ReadableSpan): void {
    reduceAttributes(span.attributes);
    delete span.status.message;
    for (const event of span.events) if (event.attributes) reduceAttributes(event.attributes);
    this.next.onEnd(span);
  }

  forceFlush(): Promise<void> {
    return this.next.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.next.shutdown();
  }
}

export function isAllowedAttribute(name: string): boolean {
  return FOREIGN.has(name) || (name.startsWith('heed.') && isAllowedField(name.slice('heed.'.length)));
}

function reduceAttributes(attributes: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (!isAllowedAttribute(name)) delete attributes[name];
    else if (typeof value === 'string' && STATEMENTS.has(name))
      attributes[name] = value.replace(LITERAL, '?');
  }
}
