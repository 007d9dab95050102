import { DomainError, type ErrorKind, type FieldViolation } from '@heed/kernel';

/** A problem document as every HTTP edge of Heed writes it (RFC 9457). */
interface Problem {
  title?: string;
  detail?: string;
  reason?: string;
  violations?: FieldViolation[];
  metadata?: Record<string, string>;
}

const KIND_BY_STATUS: Record<number, ErrorKind> = {
  400: 'invalid-argument',
  401: 'unauthenticated',
  403: 'permission-denied',
  404: 'not-found',
  409: 'already-exists',
  413: 'invalid-argument',
  422: 'invalid-argument',
  429: 'resource-exhausted',
  503: 'unavailable',
};

export interface HttpCall {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  token?: string;
  json?: unknown;
  /** A body that is streamed as it is. */
  body?: ReadableStream<Uint8Array>;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** One request to an HTTP edge. Whatever is not a success becomes a DomainError with the edge's own reason. */
export async function callHttp(baseUrl: string, call: HttpCall): Promise<Response> {
  const headers: Record<string, string> = { ...call.headers };
  if (call.token) headers['authorization'] = `Bearer ${call.token}`;
  if (call.json !== undefined) headers['content-type'] = 'application/json';
  let response: Response;
  try {
    response = await fetch(new URL(call.path, baseUrl), {
      method: call.method,
      headers,
      redirect: 'error',
      ...(call.signal && { signal: call.signal }),
      ...(call.json !== undefined && { body: JSON.stringify(call.json) }),
      // A streamed body needs `duplex`: the answer may begin before the body has ended.
      ...(call.body && { body: call.body, duplex: 'half' }),
    } as RequestInit);
  } catch (error) {
    throw new DomainError('SERVICE_UNREACHABLE', 'unavailable', {
      message: `No answer from ${new URL(baseUrl).origin}`,
      cause: error,
    });
  }
  if (!response.ok) throw await errorOf(response);
  return response;
}

async function errorOf(response: Response): Promise<DomainError> {
  const problem = (await response.json().catch(() => ({}))) as Problem;
  return new DomainError(
    problem.reason ?? `HTTP_${response.status}`,
    KIND_BY_STATUS[response.status] ?? 'internal',
    {
      message: problem.detail ?? problem.title ?? response.statusText,
      ...(problem.violations && { violations: problem.violations }),
      ...(problem.metadata && { metadata: problem.metadata }),
    },
  );
}
