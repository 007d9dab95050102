import { type Endpoints } from '@heed/client';
import { type ServiceName } from '@heed/contracts';
import { type RunFile } from '@heed/launcher';

/** Where the services of a run are. */
export function endpointsOfRun(run: RunFile): Endpoints {
  const services = Object.entries(run.services) as [ServiceName, RunFile['services'][ServiceName]][];
  return {
    grpc: Object.fromEntries(services.map(([name, { grpc }]) => [name, grpc])) as Endpoints['grpc'],
    http: Object.fromEntries(services.flatMap(([name, { http }]) => (http ? [[name, http]] : []))),
  };
}
