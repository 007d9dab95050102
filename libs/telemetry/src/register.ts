/**
 * `node --import @heed/telemetry/register services/<name>/dist/main.js`: starts exporting spans and metrics before
 * the service's own modules load, so that pg is wrapped. Without OTEL_EXPORTER_OTLP_ENDPOINT, or the one
 * for traces alone, it loads nothing.
 */
if (process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? process.env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']) {
  const { startExporting } = await import('./exporting.js');
  await startExporting(process.env['OTEL_SERVICE_NAME'] ?? serviceOf(process.argv[1]));
}

/** services/contacts/dist/main.js → contacts */
function serviceOf(script = ''): string {
  return /services\/([a-z-]+)\//.exec(script)?.[1] ?? 'unknown';
}

export {};
