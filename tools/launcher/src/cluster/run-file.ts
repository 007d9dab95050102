import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { databasesOf, loginOf, type DatabaseRole } from '@heed/postgres';
import { identityOf, stillRuns, type ProcessIdentity } from '../processes/identity.js';
import { stopProcess } from '../processes/processes.js';
import { readJson, writeJson } from './json-file.js';
import { type Secrets } from './secrets.js';
import { serverAddress, type Parts } from './service-settings.js';
import { serviceNames, type ServiceName, type ServicePorts } from './services.js';

export interface RunningServiceEntry {
  grpc: string;
  /** Only where the service has an HTTP edge. */
  http?: string;
  pid: number;
  started: string;
  log: string;
  database: { owner: string; probe: string; keys: string };
}

/** `.heed/run.json`: where everything is, while it runs. Read by `npx heed`, by `heed check`, by people. */
export interface RunFile {
  launcher: ProcessIdentity;
  dataDir: string;
  objects: string;
  bus: { kind: string; brokers: string[]; settings: Record<string, string> };
  nats?: string;
  smtp: string;
  mail?: { httpUrl: string; eventLog: string };
  carrier: string;
  postgres: string;
  parts: Record<keyof Parts, { kind: string; version: string; pid?: number; log?: string; dataDir?: string }>;
  services: Record<ServiceName, RunningServiceEntry>;
}

export const runFileOf = (dataDir: string): string => join(dataDir, 'run.json');

/** The URL under which a role of a service connects to its database, password included. */
export function databaseUrl(
  parts: Parts,
  secrets: Secrets,
  service: ServiceName,
  role: DatabaseRole,
  which: 'main' | 'keys' = 'main',
): string {
  const url = new URL(`postgres://${serverAddress(parts.postgres)}/${databasesOf(service)[which]}`);
  url.username = loginOf(service, role);
  url.password = secrets.databases[service][role] ?? '';
  return url.href;
}

export async function writeRunFile(input: {
  dataDir: string;
  parts: Parts;
  ports: Record<ServiceName, ServicePorts>;
  secrets: Secrets;
  services: Record<ServiceName, { pid: number; log: string; http: boolean }>;
}): Promise<RunFile> {
  const { dataDir, parts, ports, secrets } = input;
  const services: Partial<RunFile['services']> = {};
  for (const name of serviceNames) {
    const { pid, log, http } = input.services[name];
    services[name] = {
      grpc: `127.0.0.1:${ports[name].grpc}`,
      http: http ? `http://127.0.0.1:${ports[name].http}` : undefined,
      pid,
      started: (await identityOf(pid))?.started ?? '',
      log,
      database: {
        owner: databaseUrl(parts, secrets, name, 'owner'),
        probe: databaseUrl(parts, secrets, name, 'probe'),
        keys: databaseUrl(parts, secrets, name, 'owner', 'keys'),
      },
    };
  }
  const run: RunFile = {
    launcher: (await identityOf(process.pid)) ?? { pid: process.pid, started: '' },
    dataDir,
    objects: parts.objects.url,
    bus: {
      kind: parts.kafka.kind,
      brokers: parts.kafka.brokers,
      settings: parts.kafka.settings,
    },
    nats: parts.nats.url,
    smtp: parts.smtp.url,
    mail: parts.smtp.mail,
    carrier: parts.carrier.url,
    postgres: parts.postgres.url,
    parts: Object.fromEntries(
      Object.entries(parts).map(([name, { kind, version, pid, logFile, dataDir: folder }]) => [
        name,
        { kind, version, pid, log: logFile, dataDir: folder },
      ]),
    ) as RunFile['parts'],
    services: services as RunFile['services'],
  };
  writeJson(runFileOf(dataDir), run);
  return run;
}

/** Services that a launcher left when it was killed: they hold ports, leases and connections. */
export async function stopLeftOverServices(dataDir: string): Promise<string[]> {
  const run = readJson<RunFile>(runFileOf(dataDir));
  const left: string[] = [];
  for (const [name, entry] of Object.entries(run?.services ?? {})) {
    if (!(await stillRuns(entry))) continue;
    left.push(name);
    await stopProcess(entry.pid, [
      { signal: 'SIGTERM', patienceMs: 3_000 },
      { signal: 'SIGKILL', patienceMs: 2_000 },
    ]);
  }
  rmSync(runFileOf(dataDir), { force: true });
  return left;
}
