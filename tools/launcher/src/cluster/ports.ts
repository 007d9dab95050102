import { join } from 'node:path';
import { freePort } from '../processes/free-port.js';
import { readJson, writeJson } from './json-file.js';
import { type Parts } from './service-settings.js';
import { serviceNames, type ServiceName, type ServicePorts } from './services.js';

export interface PartPorts {
  postgres?: number;
  kafka?: number;
  nats?: number;
  smtp?: { smtp: number; http: number };
  carrier?: number;
}

interface KnownPorts {
  parts: PartPorts;
  services: Partial<Record<ServiceName, ServicePorts>>;
}

const fileOf = (dataDir: string) => join(dataDir, 'ports.json');

/** The ports of the last run on this data folder: taken again where they are still free. */
export function knownPorts(dataDir: string): KnownPorts {
  return readJson<KnownPorts>(fileOf(dataDir)) ?? { parts: {}, services: {} };
}

export async function servicePorts(known: KnownPorts): Promise<Record<ServiceName, ServicePorts>> {
  const ports: Partial<Record<ServiceName, ServicePorts>> = {};
  for (const name of serviceNames) {
    const before = known.services[name];
    ports[name] = { grpc: await freePort(before?.grpc), http: await freePort(before?.http) };
    if (name === 'messaging') ports[name].smtp = await freePort(before?.smtp);
  }
  return ports as Record<ServiceName, ServicePorts>;
}

export function rememberPorts(
  dataDir: string,
  parts: Parts,
  services: Record<ServiceName, ServicePorts>,
): void {
  const own = (url: string | undefined, kind: string) =>
    url && kind !== 'given' ? Number(new URL(url).port) : undefined;
  const { postgres, kafka, nats, smtp, carrier } = parts;
  const broker = kafka.kind === 'given' ? undefined : kafka.brokers[0];
  writeJson(fileOf(dataDir), {
    parts: {
      postgres: own(postgres.url, postgres.kind),
      kafka: own(broker && `kafka://${broker}`, kafka.kind),
      nats: own(nats.url, nats.kind),
      smtp: smtp.ports,
      carrier: carrier.port,
    },
    services,
  } satisfies KnownPorts);
}
