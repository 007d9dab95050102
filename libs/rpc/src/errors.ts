import { Metadata, type ServiceError, status as Status } from '@grpc/grpc-js';
import { DomainError, isDomainError } from '@heed/kernel';
import { reduced } from '@heed/postgres';
import { BadRequest, ErrorInfo } from './wire/google/rpc/error_details.js';
import { Status as RpcStatus } from './wire/google/rpc/status.js';
import { codeOf, kindOf } from './status.js';

// SPEC: google.aip.dev/193: the details of an error travel as google.rpc.Status in this trailer.
const DETAILS_KEY = 'grpc-status-details-bin';
const DOMAIN = 'heed';
const TYPE_URL = 'type.googleapis.com/';
// All trailers of a call share 16 KB; a request with thousands of faults is told of the first ones.
const MOST_VIOLATIONS = 50;
const LONGEST_MESSAGE = 500;

export type StatusToSend = Pick<ServiceError, 'code' | 'details' | 'metadata'> & { message: string };

/** What a caller may learn of an error. Whatever is not a refusal on purpose is INTERNAL and says nothing more. */
export function toStatus(error: unknown, traceId: string | undefined): StatusToSend {
  const known = reduced(error);
  const refusal =
    isDomainError(known) && known.kind !== 'internal'
      ? known
      : new DomainError('INTERNAL', 'internal', { message: 'internal error' });
  const message = refusal.message.slice(0, LONGEST_MESSAGE);
  const info: ErrorInfo = {
    reason: refusal.reason,
    domain: DOMAIN,
    metadata: { ...refusal.metadata, ...(traceId === undefined ? {} : { trace_id: traceId }) },
  };
  const details = [{ typeUrl: `${TYPE_URL}google.rpc.ErrorInfo`, value: encode(ErrorInfo.encode(info)) }];
  if (refusal.violations.length > 0) {
    const fieldViolations = refusal.violations
      .slice(0, MOST_VIOLATIONS)
      .map(({ field, reason }) => ({ field, reason, description: '' }));
    details.push({
      typeUrl: `${TYPE_URL}google.rpc.BadRequest`,
      value: encode(BadRequest.encode({ fieldViolations })),
    });
  }
  const code = codeOf(refusal.kind);
  const metadata = new Metadata();
  metadata.set(DETAILS_KEY, encode(RpcStatus.encode({ code, message, details })));
  return { code, details: message, message, metadata };
}

/** The refusal that a callee sent. From a server that is not ours, or a proxy, the status is all there is. */
export function fromServiceError(error: ServiceError): DomainError {
  const kind = kindOf(error.code);
  const bytes = error.metadata?.get(DETAILS_KEY)[0];
  const details = Buffer.isBuffer(bytes) ? detailsOf(bytes) : {};
  return new DomainError(details.reason ?? Status[error.code] ?? 'UNKNOWN', kind, {
    message: details.reason === undefined ? `the call ended with ${Status[error.code]}` : error.details,
    metadata: details.metadata,
    violations: details.violations,
  });
}

function detailsOf(bytes: Buffer): {
  reason?: string;
  metadata?: Record<string, string>;
  violations?: { field: string; reason: string }[];
} {
  try {
    const found: ReturnType<typeof detailsOf> = {};
    for (const { typeUrl, value } of RpcStatus.decode(bytes).details) {
      if (typeUrl === `${TYPE_URL}google.rpc.ErrorInfo`) {
        const info = ErrorInfo.decode(value);
        if (info.domain === DOMAIN) Object.assign(found, { reason: info.reason, metadata: info.metadata });
      } else if (typeUrl === `${TYPE_URL}google.rpc.BadRequest`) {
        found.violations = BadRequest.decode(value).fieldViolations.map(({ field, reason }) => ({
          field,
          reason,
        }));
      }
    }
    return found;
  } catch {
    return {}; // a trailer that is no google.rpc.Status: the status itself still stands
  }
}

function encode(writer: { finish(): Uint8Array }): Buffer {
  return Buffer.from(writer.finish());
}
