import {
  context,
  isSpanContextValid,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Link,
} from '@opentelemetry/api';
import { type AllowedFields, reduceFields } from './fields.js';
import { installLightTracer } from './light-tracer.js';
import { reduceError } from './reduce-error.js';
import { formatTraceparent, parseTraceparent } from './traceparent.js';

installLightTracer();

export interface SpanHandle {
  /** Adds what is known only later (rows, outcome). */
  set(fields: AllowedFields): void;
  rename(name: string): void;
}

export interface SpanSettings {
  kind?: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  /** A trace of its own: work on a timer that nobody asked for. */
  root?: boolean;
  /** W3C traceparents of other traces that this work serves. */
  links?: readonly (string | undefined)[];
}

const KINDS = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
};

/** Runs `work` in a span. It ends when the work's promise settles; an error marks it by kind, without its text. */
export function withSpan<T>(
  name: string,
  fields: AllowedFields,
  work: (span: SpanHandle) => T,
  settings: SpanSettings = {},
): T {
  const span = trace.getTracer('heed').startSpan(name, {
    kind: KINDS[settings.kind ?? 'internal'],
    attributes: prefixed(fields),
    ...(settings.root ? { root: true } : {}),
    ...(settings.links ? { links: linksTo(settings.links) } : {}),
  });
  const handle: SpanHandle = {
    set: (more) => void span.setAttributes(prefixed(more)),
    rename: (to) => void span.updateName(to),
  };
  const fail = (error: unknown): void => {
    const { name: type, reason, sqlstate } = reduceError(error);
    span.setAttributes({ 'error.type': reason ?? sqlstate ?? type });
    span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
  };
  return context.with(trace.setSpan(context.active(), span), () => {
    try {
      const result = work(handle);
      if (!(result instanceof Promise)) {
        span.end();
        return result;
      }
      return result.then(
        (value: unknown) => {
          span.end();
          return value;
        },
        (error: unknown) => {
          fail(error);
          throw error;
        },
      ) as T;
    } catch (error) {
      fail(error);
      throw error;
    }
  });
}

/**
 * Runs `work` in a span that goes on with what caused it. Causes of one trace: a child of the first. Of several traces,
 * since a batch serves them all: a trace of its own that links to each, because a span has one parent, and to choose one
 * of them would hang the others' work into a stranger's tree.
 */
export function withCausedSpan<T>(
  causes: readonly (string | undefined)[],
  name: string,
  fields: AllowedFields,
  work: (span: SpanHandle) => T,
  settings: Omit<SpanSettings, 'links' | 'root'> = {},
): T {
  const distinct = [...new Set(causes)].filter((cause) => parseTraceparent(cause) !== undefined);
  const [first, ...others] = distinct;
  if (first === undefined) return withSpan(name, fields, work, settings);
  const oneTrace = others.every((cause) => traceIdOf(cause) === traceIdOf(first));
  if (!oneTrace) return withSpan(name, fields, work, { ...settings, root: true, links: distinct });
  return withRemoteParent(first, () =>
    withSpan(name, fields, work, { ...settings, ...(others.length > 0 && { links: others }) }),
  );
}

/** The W3C traceparent of the span that is active, for a header, a row or a message. */
export function currentTraceparent(): string | undefined {
  const active = trace.getSpanContext(context.active());
  return active !== undefined && isSpanContextValid(active) ? formatTraceparent(active) : undefined;
}

/** Runs `work` as a continuation of what wrote `traceparent`; a missing or malformed one changes nothing. */
export function withRemoteParent<T>(traceparent: string | undefined, work: () => T): T {
  const parent = parseTraceparent(traceparent);
  return parent === undefined ? work() : context.with(trace.setSpanContext(context.active(), parent), work);
}

export function currentSpanIds(): { traceId?: string; spanId?: string } {
  const active = trace.getSpanContext(context.active());
  if (active === undefined || !isSpanContextValid(active)) return {};
  return { traceId: active.traceId, spanId: active.spanId };
}

/** A span of 500 links would be larger than all it links to; whoever looks for one person's trace has the ids too. */
const MOST_LINKS = 32;

function linksTo(traceparents: readonly (string | undefined)[]): Link[] {
  return [...new Set(traceparents)].slice(0, MOST_LINKS).flatMap((traceparent) => {
    const linked = parseTraceparent(traceparent);
    return linked === undefined ? [] : [{ context: linked }];
  });
}

function traceIdOf(traceparent: string | undefined): string | undefined {
  return parseTraceparent(traceparent)?.traceId;
}

function prefixed(fields: AllowedFields): Attributes {
  return Object.fromEntries(
    Object.entries(reduceFields(fields)).map(([name, value]) => [`heed.${name}`, value]),
  );
}
