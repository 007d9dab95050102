import { join } from 'node:path';
import { SERVICES, type ServiceName } from '@heed/contracts';
import { type KafkaSettings } from '@heed/events';
import { withDatabase } from '../databases.js';
import { ownClock, serviceClock } from './clocks.js';
import { dataMapFindings } from './data-map.js';
import { unreachable, type Finding } from './finding.js';
import { heldFinding } from './held.js';
import { keyFindings } from './keys.js';
import { masterKeyFindings, objectsFindings } from './keepers.js';
import { mailFinding, natsFinding, serviceFindings, topicFindings } from './parts.js';
import { putBackFinding } from './put-back.js';
import { schemaFindings } from './schema.js';
import { serverFindings } from './server.js';
import { stuckFinding } from './stuck.js';
import { unknownFinding } from './unknown.js';
import { wrappedKeys } from '../wrapped-keys.js';
import { wallFindings } from './walls.js';
import { forkedFinding, witnessFinding } from './witness.js';

/** Where the parts of the installation are. */
export interface Patient {
  databases: Record<ServiceName, string>;
  grpc: Record<ServiceName, string>;
  /** Undefined: the embedded bus. */
  kafka: KafkaSettings | undefined;
  nats: string | undefined;
  /** Undefined: messaging has a default of its own, or another machine knows it. */
  smtp: string | undefined;
  /** Folder of `keys`, where this machine has it. */
  dataDir: string | undefined;
  production: boolean;
}

/** Looks at everything that the promise rests on. Reads only, and shares nothing with the services that could change. */
export async function examine(patient: Patient): Promise<Finding[]> {
  const { kafka, nats, smtp, grpc, production } = patient;
  const findings = await Promise.all([
    ...SERVICES.map((service) => databaseFindings(service, patient)),
    dataMapFindings(patient.databases),
    kafka ? topicFindings(kafka, production) : [embedded(production)],
    natsFinding(nats).then((finding) => [finding]),
    smtp ? mailFinding(smtp).then((finding) => [finding]) : [],
    serviceFindings(grpc),
    objectsFindings(process.env['HEED_OBJECTS']),
    keepersFindings(patient),
  ]);
  return findings.flat();
}

async function databaseFindings(service: ServiceName, patient: Patient): Promise<Finding[]> {
  const { databases, production, dataDir, kafka } = patient;
  try {
    return await withDatabase(service, databases[service], async (client) => [
      ...(await serverFindings(service, client, production)),
      ...(await wallFindings(service, client)),
      ...(await schemaFindings(service, client)),
      await stuckFinding(service, client),
      service === 'privacy' ? await forkedFinding(client) : await witnessFinding(service, client),
      await putBackFinding(service, client),
      ...(service === 'campaigns' ? [await heldFinding(client), await unknownFinding(client)] : []),
      ...(service === SERVICES[0] ? [await ownClock(client)] : []),
      ...(kafka ? await serviceClock(service, client) : []),
      ...(service === 'identity' ? await keyFindings(dataDir && join(dataDir, 'keys'), client) : []),
    ]);
  } catch (error) {
    return [
      unreachable(`${service} database`, error, 'is PostgreSQL up, and is the URL of the probe role right?'),
    ];
  }
}

async function keepersFindings({ databases, dataDir }: Patient): Promise<Finding[]> {
  // A database that is away is a finding of its own.
  const wrapped = await wrappedKeys(databases).catch(() => []);
  return masterKeyFindings(dataDir && join(dataDir, 'keys'), process.env, wrapped);
}

function embedded(production: boolean): Finding {
  return {
    severity: production ? 'error' : 'note',
    about: 'bus',
    found: 'the embedded one, on PostgreSQL',
    why: 'it is made for the processes of one machine: no second machine holds the events',
    cure: 'point KAFKA_BROKERS at a cluster; no code changes',
  };
}
