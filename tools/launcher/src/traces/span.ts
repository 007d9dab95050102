/** A span as the sink keeps it: what the tree needs, and no attribute but the name of a consumer or queue. */
export interface KeptSpan {
  traceId: string;
  spanId: string;
  parentId: string | undefined;
  /** Spans of this and other traces that it serves. */
  links: { traceId: string; spanId: string }[];
  service: string;
  name: string;
  startNs: bigint;
  endNs: bigint;
  failed: boolean;
}

interface OtlpAttribute {
  key: string;
  value: { stringValue?: string };
}

interface OtlpRequest {
  resourceSpans?: {
    resource?: { attributes?: OtlpAttribute[] };
    scopeSpans?: { spans?: OtlpSpan[] }[];
  }[];
}

interface OtlpSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes?: OtlpAttribute[];
  links?: { traceId: string; spanId: string }[];
  status?: { code?: number };
}

const ERROR = 2;

/** SPEC: OTLP/HTTP 1.x, JSON: ExportTraceServiceRequest. */
export function spansIn(body: unknown): KeptSpan[] {
  return ((body as OtlpRequest).resourceSpans ?? []).flatMap(({ resource, scopeSpans }) => {
    const service = textOf(resource?.attributes, 'service.name')?.replace(/^heed-/, '') ?? '?';
    return (scopeSpans ?? []).flatMap(({ spans }) => (spans ?? []).map((span) => keptOf(service, span)));
  });
}

function keptOf(service: string, span: OtlpSpan): KeptSpan {
  const of = textOf(span.attributes, 'heed.consumer');
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentId: span.parentSpanId || undefined,
    links: (span.links ?? []).map(({ traceId, spanId }) => ({ traceId, spanId })),
    service,
    name: of === undefined ? span.name : `${span.name} ${of}`,
    startNs: BigInt(span.startTimeUnixNano),
    endNs: BigInt(span.endTimeUnixNano),
    failed: span.status?.code === ERROR,
  };
}

function textOf(attributes: OtlpAttribute[] | undefined, key: string): string | undefined {
  return attributes?.find((attribute) => attribute.key === key)?.value.stringValue;
}
