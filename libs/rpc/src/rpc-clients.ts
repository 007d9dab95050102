import { type ServiceDefinition } from '@grpc/grpc-js';
import { rpcRules } from '@heed/contracts';
import { type Clock, DomainError } from '@heed/kernel';
import { Channels } from './channels.js';
import { type CallOptions, type Client } from './client-types.js';
import { clientOf } from './outgoing-call.js';
import { type ServiceTokenMint } from './service-tokens.js';

export interface RpcClientsOptions {
  /** `dns:///host:port` of a service. */
  targetOf: (service: string) => string;
  mint: ServiceTokenMint;
  clock: Pick<Clock, 'now'>;
  /** The deadline of calls that set none. Default: 5 s. */
  timeoutMs?: number;
}

const DEFAULT_MS = 5_000;

/**
 * Clients of other services: `rpc.of(contactsV1.ConsentServiceService, 'contacts')`. Every call has a deadline and a
 * token of its own tenant; what may be repeated by its rule is retried while the callee is unavailable.
 */
export class RpcClients {
  private readonly channels = new Map<string, Channels>();

  constructor(private readonly options: RpcClientsOptions) {}

  of<Definition extends ServiceDefinition>(definition: Definition, service: string): Client<Definition> {
    return clientOf<Definition, CallOptions>(definition, {
      clock: this.options.clock,
      timeoutMs: this.options.timeoutMs ?? DEFAULT_MS,
      channels: this.channelsTo(service),
      token: async (path, options) => {
        if (rpcRules[path]?.public) return undefined;
        if (options === undefined) throw new TypeError(`${path}: a call between services names its tenant`);
        return this.options.mint.tokenFor(service, options.tenantId, options.onBehalfOf);
      },
      failure: asSeenByUs,
    });
  }

  close(): void {
    for (const channels of this.channels.values()) channels.close();
    this.channels.clear();
  }

  private channelsTo(service: string): Channels {
    let channels = this.channels.get(service);
    if (channels === undefined) {
      channels = new Channels(this.options.targetOf(service));
      this.channels.set(service, channels);
    }
    return channels;
  }
}

/**
 * A callee that does not know us, or has not our rule, is a fault between services. Handed on as it is, it would tell
 * a member that their token is bad, and an event's consumer that the event is poison.
 */
function asSeenByUs(error: DomainError, path: string): DomainError {
  if (error.kind === 'unauthenticated') {
    return new DomainError('SERVICE_NOT_RECOGNISED', 'unavailable', {
      message: 'the callee does not know this service (yet)',
      metadata: { method: path, answered: error.reason },
    });
  }
  if (error.reason === 'CALLER_NOT_ALLOWED' || error.reason === 'DEADLINE_REQUIRED') {
    return new DomainError('SERVICE_CALL_REFUSED', 'internal', {
      message: `${path} answered ${error.reason}`,
      metadata: { method: path, answered: error.reason },
    });
  }
  return error;
}
