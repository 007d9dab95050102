import { createRequire } from 'node:module';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace';
import { isRunning } from './running.js';
import { samplerOf } from './sampler.js';
import { startTelemetry } from './start.js';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Exports to the collector that the OTEL_* variables name. Only pg is instrumented from outside: HTTP and gRPC make
 * their spans in libs/http and libs/rpc, events in libs/events, since the ready-made instrumentation of HTTP writes
 * down the path of every request, in which an unsubscribe link carries its token. What is not asked for is not loaded:
 * metrics and pg are 10 MB of the 20 that all of it costs.
 */
export async function startExporting(service: string, env: Env = process.env): Promise<void> {
  const wantsMetrics = env['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? env['OTEL_EXPORTER_OTLP_METRICS_ENDPOINT'];
  const delay = env['OTEL_BSP_SCHEDULE_DELAY'];
  const queue = env['OTEL_BSP_MAX_QUEUE_SIZE'];
  const telemetry = startTelemetry({
    service,
    sampler: samplerOf(env),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter(),
        ...(delay !== undefined && { scheduledDelayMillis: Number(delay) }),
        ...(queue !== undefined && { maxQueueSize: Number(queue) }),
      }),
    ],
    metricReaders: wantsMetrics ? [await metricReader(env)] : [],
  });
  const disabled = env['OTEL_NODE_DISABLED_INSTRUMENTATIONS']?.split(',') ?? [];
  if (!disabled.includes('pg')) await wrapPg();
  isRunning(telemetry);
}

async function metricReader(env: Env) {
  const [{ OTLPMetricExporter }, { PeriodicExportingMetricReader }] = await Promise.all([
    import('@opentelemetry/exporter-metrics-otlp-http'),
    import('@opentelemetry/sdk-metrics'),
  ]);
  // The reader itself does not look at the variable; sdk-node does it for others.
  const exportIntervalMillis = Number(env['OTEL_METRIC_EXPORT_INTERVAL'] ?? 60_000);
  return new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter(), exportIntervalMillis });
}

async function wrapPg(): Promise<void> {
  const [{ registerInstrumentations }, { PgInstrumentation }] = await Promise.all([
    import('@opentelemetry/instrumentation'),
    import('@opentelemetry/instrumentation-pg'),
  ]);
  registerInstrumentations({
    // No span for a query that nobody asked for (polls, keep-alives): it would be a trace of its own.
    instrumentations: [new PgInstrumentation({ requireParentSpan: true, enhancedDatabaseReporting: false })],
  });
  // The instrumentation hooks `require`. Whoever imports pg later, by import or require, gets this wrapped module:
  // 2.0 s to start against 5 s with the hook for import.
  createRequire(import.meta.url)('pg');
}
