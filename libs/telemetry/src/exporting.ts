import { createRequire } from 'node:module';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace';
import { isRunning } from './running.js';
import { startTelemetry } from './start.js';

/**
 * Exports to the collector that the OTEL_* variables name. Only pg is instrumented from outside: HTTP and gRPC make
 * their spans in libs/http and libs/rpc, events in libs/events, since the ready-made instrumentation of HTTP writes
 * down the path of every request, in which an unsubscribe link carries its token.
 */
export function startExporting(service: string): void {
  // The reader itself does not look at the variable; sdk-node does it for others.
  const exportIntervalMillis = Number(process.env['OTEL_METRIC_EXPORT_INTERVAL'] ?? 60_000);
  const telemetry = startTelemetry({
    service,
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
    metricReaders: [
      new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter(), exportIntervalMillis }),
    ],
  });
  registerInstrumentations({
    // No span for a query that nobody asked for (polls, keep-alives): it would be a trace of its own.
    instrumentations: [new PgInstrumentation({ requireParentSpan: true, enhancedDatabaseReporting: false })],
  });
  // The instrumentation hooks `require`. Whoever imports pg later, by import or require, gets this wrapped module:
  // 2.0 s to start against 5 s with the hook for import.
  createRequire(import.meta.url)('pg');
  isRunning(telemetry);
}
