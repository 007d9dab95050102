import { DomainError } from '@heed/kernel';
import { SERVICES, type ServiceName } from '@heed/contracts';

/** Where an installation's services are. */
export interface Endpoints {
  /** gRPC targets, `dns:///host:port`. */
  grpc: Record<ServiceName, string>;
  /** Base URLs of the services that have an HTTP edge. */
  http: Partial<Record<ServiceName, string>>;
}

/** Reads them from the environment, by the names that the services use themselves (HEED_<SERVICE>_GRPC, ..._URL). */
export function endpointsOf(env: Record<string, string | undefined>): Endpoints {
  const grpc = {} as Record<ServiceName, string>;
  const http: Partial<Record<ServiceName, string>> = {};
  const missing: string[] = [];
  for (const service of SERVICES) {
    const prefix = `HEED_${service.toUpperCase()}`;
    const target = env[`${prefix}_GRPC`];
    if (target) grpc[service] = target;
    else missing.push(`${prefix}_GRPC`);
    const url = env[`${prefix}_URL`];
    if (url) http[service] = url;
  }
  if (missing.length > 0) {
    throw new DomainError('ENDPOINTS_MISSING', 'failed-precondition', {
      message: `Where the services are is not known: set ${missing.join(', ')}`,
    });
  }
  return { grpc, http };
}
