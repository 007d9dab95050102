import 'reflect-metadata';
import { SETTINGS, type FrameSettings } from '@heed/config';
import { SERVICES } from '@heed/contracts';
import { startCluster } from '@heed/testing/cluster';
import { InboundServer } from '../../../../services/messaging/src/inbound/inbound-server.js';
import { SIX } from '../world/six.js';

/** What the spec is told once all six serve. */
export interface Started {
  grpc: Record<string, string>;
  http: Record<string, string | undefined>;
  /** Of all twelve, by name, as PostgreSQL's superuser. */
  databases: Record<string, string>;
  objects: string[];
  /** Where messaging takes mail. */
  inboundPort: number;
}

/**
 * The six services in a process of their own, as `npm start` runs them: telemetry was loaded before them, and what they
 * print is what a log collector would get. Ends when the spec hangs up.
 */
const { env, natsUrl } = JSON.parse(process.argv[2] ?? '') as {
  env: Record<string, string>;
  natsUrl?: string;
};
const cluster = await startCluster(SIX, { env, natsUrl, write: (line) => void process.stdout.write(line) });
const started: Started = {
  grpc: Object.fromEntries(SERVICES.map((name) => [name, cluster.service(name).grpcTarget])),
  http: Object.fromEntries(SERVICES.map((name) => [name, cluster.service(name).httpUrl])),
  databases: Object.fromEntries(
    SERVICES.flatMap((name) => [
      [name, cluster.database(name).superuserUrl],
      [`${name}_keys`, cluster.keysDatabase(name).superuserUrl],
    ]),
  ),
  inboundPort: cluster.service('messaging').get(InboundServer).port!,
  objects: SERVICES.map((name) => cluster.service(name).get<FrameSettings>(SETTINGS).HEED_OBJECTS),
};
process.send!(started);
process.once('disconnect', () => void cluster.stop().then(() => process.exit(0)));
