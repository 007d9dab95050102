import { type Metadata } from '@grpc/grpc-js';
import { type RpcRule } from '@heed/contracts';
import { type Caller, type Clock, DomainError, invalidArgument } from '@heed/kernel';
import { type Authentication, type Identity } from './authentication.js';
import { violationsOf } from './validate-request.js';

export interface IncomingCall {
  method: string;
  rule: RpcRule;
  metadata: Metadata;
  request: object;
  /** Undefined where the client set no deadline. */
  remainingMs: number | undefined;
  streams: boolean;
}

/** Given to people who set none (a grpcurl by hand): to a single answer, and to a stream. */
const DEFAULT_MS = 30_000;
const DEFAULT_STREAM_MS = 300_000;

/**
 * All that must hold before a handler runs, in one place that no controller can forget: who calls, whether they may,
 * until when, and whether the request is what its contract says. The order is that of what may be told to whom: an
 * unauthorised caller learns nothing about the fields.
 */
export class Admission {
  constructor(
    private readonly authentication: Authentication,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  async admit(call: IncomingCall): Promise<{ caller: Caller; remainingMs: number }> {
    const identity = await this.authentication.identify(call.metadata, call.rule);
    const remainingMs = remainingOf(call, identity);
    const violations = violationsOf(call.rule.request, call.request);
    if (violations.length > 0) throw invalidArgument(...violations);
    return { caller: this.callerOf(call, identity, remainingMs), remainingMs };
  }

  private callerOf(call: IncomingCall, identity: Identity, remainingMs: number): Caller {
    const common = {
      tenantId: identity.tenantId,
      deadline: new Date(this.clock.now().getTime() + remainingMs),
      method: call.method,
      requestId: requestIdOf(call.request),
    };
    if (identity.kind === 'participant') {
      return { kind: 'participant', actorId: identity.service, permissions: new Set(), ...common };
    }
    if (identity.kind !== 'service') {
      const permissions = identity.kind === 'public' ? new Set<string>() : identity.permissions;
      const onBehalfOf = identity.kind === 'api_key' ? { onBehalfOf: identity.onBehalfOf } : {};
      return { kind: identity.kind, actorId: identity.actorId, permissions, ...onBehalfOf, ...common };
    }
    const { service, onBehalfOf } = identity;
    return { kind: 'service', actorId: service, service, onBehalfOf, permissions: new Set(), ...common };
  }
}

/** A service that sets no deadline would wait for ever, and its callers with it: a fault to be seen at once. */
function remainingOf(call: IncomingCall, identity: Identity): number {
  if (call.remainingMs !== undefined) return call.remainingMs;
  if (identity.kind === 'service') {
    throw new DomainError('DEADLINE_REQUIRED', 'invalid-argument', {
      message: 'a service sets a deadline on every call',
    });
  }
  return call.streams ? DEFAULT_STREAM_MS : DEFAULT_MS;
}

function requestIdOf(request: object): string | undefined {
  const id = 'requestId' in request ? request.requestId : undefined;
  return typeof id === 'string' && id !== '' ? id : undefined;
}
