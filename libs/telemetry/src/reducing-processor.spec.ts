import { afterAll, describe, expect, it } from '@jest/globals';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace';
import { type AllowedFields, metrics, withCausedSpan, withSpan } from './index.js';
import { startTelemetry } from './start.js';

describe('what leaves for a collector', () => {
  const exporter = new InMemorySpanExporter();
  const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const telemetry = startTelemetry({
    service: 'contacts',
    spanProcessors: [new SimpleSpanProcessor({ exporter })],
    metricReaders: [new PeriodicExportingMetricReader({ exporter: metricExporter })],
  });
  afterAll(() => telemetry.stop());
  const exported = (name: string) => exporter.getFinishedSpans().find((span) => span.name === name)!;

  it('has our fields under our prefix, and no others', () => {
    const fields = {
      tenantId: '01890000-0000-7000-8000-000000000001',
      email: 'jane@example.org',
    } as AllowedFields;
    withSpan('permit.issue', fields, (span) => span.set({ count: 500 }));
    expect(exported('permit.issue').attributes).toEqual({
      'heed.tenantId': '01890000-0000-7000-8000-000000000001',
      'heed.count': 500,
    });
  });

  it('links a batch to each trace that it serves, and to no more than 32 of them', () => {
    const causes = Array.from(
      { length: 40 },
      (_, n) => `00-${String(n + 1).padStart(32, '0')}-${'1'.padStart(16, '0')}-01`,
    );
    withCausedSpan([...causes, undefined, causes[0]], 'batch', {}, () => undefined);
    const { links, parentSpanContext } = exported('batch');
    expect(parentSpanContext).toBeUndefined();
    expect(links.map(({ context }) => context.traceId)).toEqual(
      causes.slice(0, 32).map((cause) => cause.split('-')[1]),
    );
  });

  it('says of an error only what kind it was', async () => {
    await withSpan('fails', {}, () => Promise.reject(new TypeError('jane@example.org'))).catch(
      () => undefined,
    );
    expect(exported('fails').attributes).toEqual({ 'error.type': 'TypeError' });
    expect(exported('fails').status).toEqual({ code: SpanStatusCode.ERROR });
  });

  it('4.2 strips what foreign instrumentation writes: parameters, error texts, literals in statements', () => {
    const span = trace.getTracer('pg').startSpan('pg.query:INSERT');
    span.setAttribute('db.query.text', "insert into endpoint values ('o''hara@example.org', $1)");
    span.setAttribute('db.postgresql.values', ['jane@example.org']);
    span.recordException(new Error('Key (email)=(jane@example.org) already exists.'));
    span.setStatus({ code: SpanStatusCode.ERROR, message: 'jane@example.org is taken' });
    span.end();
    const { attributes, status, events } = exported('pg.query:INSERT');
    expect(attributes).toEqual({ 'db.query.text': 'insert into endpoint values (?, $1)' });
    expect(JSON.stringify([status, events.map((event) => event.attributes)])).not.toContain('jane');
  });

  it('counts under labels of the list', async () => {
    const refused = metrics.counter('heed_test_refused', { description: 'Refusals.', unit: '{refusal}' });
    refused.add(2, { reason: 'RATE_LIMITED', email: 'jane@example.org' } as AllowedFields);
    await telemetry.flush();
    const [metric] = metricExporter
      .getMetrics()
      .flatMap((batch) => batch.scopeMetrics.flatMap((s) => s.metrics));
    expect(metric?.dataPoints).toEqual([
      expect.objectContaining({ value: 2, attributes: { reason: 'RATE_LIMITED' } }),
    ]);
  });
});
