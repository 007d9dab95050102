import { credentials, makeClientConstructor, type ServiceError } from '@grpc/grpc-js';
import {
  type HealthCheckRequest,
  type HealthCheckResponse,
  HealthCheckResponse_ServingStatus as ServingStatus,
  HealthService,
} from './wire/grpc/health/v1/health.js';
import { deadlineIn } from './wire-time.js';

const HealthClient = makeClientConstructor(HealthService, 'Health');

const WITHIN_MS = 5_000;

/** What a server says of itself (grpc.health.v1): `SERVING` or not. Rejects where nobody answers within 2 s. */
export function checkHealth(target: string): Promise<keyof typeof ServingStatus> {
  const client = new HealthClient(target, credentials.createInsecure());
  const check = client['check']!.bind(client) as (
    request: HealthCheckRequest,
    options: { deadline: number },
    answer: (error: ServiceError | null, response?: HealthCheckResponse) => void,
  ) => void;
  return new Promise<keyof typeof ServingStatus>((resolve, reject) => {
    check({ service: '' }, { deadline: deadlineIn(WITHIN_MS) }, (error, response) => {
      if (error || !response) reject(error ?? new Error('no answer'));
      else resolve(ServingStatus[response.status] as keyof typeof ServingStatus);
    });
  }).finally(() => client.close());
}
