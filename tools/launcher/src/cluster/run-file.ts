import { join } from 'node:path';
import { databasesOf, loginOf, type DatabaseRole } from '@heed/postgres';
import { type Part } from '../parts/part.js';
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

export interface RunningPartEntry extends Partial<ProcessIdentity> {
  kind: string;
  version: string;
  log?: string;
  dataDir?: string;
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
  /** Port of this machine where messaging takes mail that comes back, beside the local mail server alone. */
  inbound?: number;
  carrier: string;
  postgres: string;
  parts: Record<keyof Parts, RunningPartEntry>;
  services: Record<ServiceName, RunningServiceEntry>;
}

/** Where the services of a run are, as a client takes it. */
export function endpointsOf(run: Pick<RunFile, 'services'>): {
  grpc: Record<ServiceName, string>;
  http: Partial<Record<ServiceName, string>>;
} {
  const grpc = {} as Record<ServiceName, string>;
  const http: Partial<Record<ServiceName, string>> = {};
  for (const name of serviceNames) {
    const entry = run.services[name];
    grpc[name] = entry.grpc;
    if (entry.http) http[name] = entry.http;
  }
  return { grpc, http };
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
    inbound: parts.smtp.mail && ports.messaging.smtp,
    carrier: parts.carrier.url,
    postgres: parts.postgres.url,
    parts: await partEntries(parts),
    services: services as RunFile['services'],
  };
  writeJson(runFileOf(dataDir), run);
  return run;
}

async function partEntries(parts: Parts): Promise<RunFile['parts']> {
  const entries = Object.entries(parts).map(
    async ([name, { kind, version, pid, logFile, dataDir }]: [string, Part]): Promise<
      [string, RunningPartEntry]
    > => [name, { kind, version, ...(pid ? await identityOf(pid) : {}), log: logFile, dataDir }],
  );
  return Object.fromEntries(await Promise.all(entries)) as RunFile['parts'];
}

/** Services that a launcher left when it was killed: they hold ports, leases and connections. */
export async function stopLeftOverServices(dataDir: string): Promise<string[]> {
  return stopSurvivors(readJson<RunFile>(runFileOf(dataDir))?.services ?? {});
}

/** Parts that it left. At a start each part sees to its own; this is for removing the data folder. */
export async function stopLeftOverParts(dataDir: string): Promise<string[]> {
  return stopSurvivors(readJson<RunFile>(runFileOf(dataDir))?.parts ?? {});
}

async function stopSurvivors(entries: Record<string, Partial<ProcessIdentity>>): Promise<string[]> {
  const left: string[] = [];
  for (const [name, { pid, started }] of Object.entries(entries)) {
    if (!pid || !started || !(await stillRuns({ pid, started }))) continue;
    left.push(name);
    await stopProcess(pid, [
      { signal: 'SIGTERM', patienceMs: 3_000 },
      { signal: 'SIGKILL', patienceMs: 2_000 },
    ]);
  }
  return left;
}
