import { connect } from 'node:net';
import { join } from 'node:path';
import { startStandIn, stopLeftOverStandIn } from '../outside/stand-in.js';
import { freePort } from '../processes/free-port.js';
import { nothingToStop, type Part } from './part.js';

export interface SmtpPart extends Part {
  url: string;
  /** Of the local mail server: what arrived, to read and to count. Absent where the server is somebody else's. */
  mail?: { httpUrl: string; eventLog: string };
  ports?: { smtp: number; http: number };
}

export interface SmtpOptions {
  dataDir: string;
  logFile: string;
  env?: NodeJS.ProcessEnv;
  /** Nobody waits any more: what is starting is killed. */
  signal?: AbortSignal;
  ports?: { smtp: number; http: number };
}

export async function resolveSmtp(options: SmtpOptions): Promise<SmtpPart> {
  const given = (options.env ?? process.env).HEED_SMTP_URL;
  return given ? givenServer(given) : localServer(options);
}

async function givenServer(url: string): Promise<SmtpPart> {
  const { hostname, port, protocol } = new URL(url);
  const implicitTls = protocol === 'smtps:';
  const greeting = await firstLine(hostname, Number(port || (implicitTls ? 465 : 25)), implicitTls);
  if (greeting === undefined) throw new Error(`HEED_SMTP_URL is set, but ${hostname} does not answer`);
  return {
    kind: 'given',
    version: greeting.replace(/^220[ -]/, ''),
    url,
    note: `the mail server that HEED_SMTP_URL names (${hostname}): what arrives there cannot be counted from here`,
    stop: nothingToStop,
  };
}

/** An SMTP server greets first; over implicit TLS only that the port is open is looked at. */
function firstLine(host: string, port: number, implicitTls: boolean): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 10_000 });
    const done = (answer?: string) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => implicitTls && done(''));
    socket.once('data', (chunk) => {
      const line = chunk.toString('latin1').split('\r\n')[0] ?? '';
      done(line.startsWith('220') ? line : undefined);
    });
    for (const event of ['timeout', 'error', 'close'] as const) socket.once(event, () => done());
  });
}

async function localServer(options: SmtpOptions): Promise<SmtpPart> {
  const { dataDir, logFile } = options;
  await stopLeftOverStandIn(dataDir);
  const ports = { smtp: await freePort(options.ports?.smtp), http: await freePort(options.ports?.http) };
  const httpUrl = `http://127.0.0.1:${ports.http}`;
  const server = await startStandIn({
    name: 'the mail server',
    folder: 'mail-server',
    dataDir,
    logFile,
    args: ['--smtp', String(ports.smtp), '--http', String(ports.http)],
    healthUrl: `${httpUrl}/health`,
    signal: options.signal,
  });
  return {
    kind: 'local',
    version: 'npm smtp-server',
    url: `smtp://127.0.0.1:${ports.smtp}`,
    mail: { httpUrl, eventLog: join(dataDir, 'events.jsonl') },
    ports,
    note: `a local mail server that keeps what it gets: read it at ${httpUrl}`,
    better: 'set HEED_SMTP_URL to send for real',
    dataDir,
    logFile,
    pid: server.pid,
    stop: server.stop,
  };
}
