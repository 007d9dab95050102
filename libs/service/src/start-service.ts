import { type Type } from '@nestjs/common';
import { frameRules, frameSettings, type FrameSettings, loadSettings } from '@heed/config';
import { DueWork } from '@heed/data-rights';
import { type Clock, systemClock } from '@heed/kernel';
import { logger, type Logger } from '@heed/telemetry';
import { type Application, createApplication } from './application.js';
import { type ServiceDefinition } from './definition.js';
import { type Frame, openFrame } from './frame.js';
import { NightlyCheck } from './nightly-check.js';
import { registerKey } from './register-key.js';
import { ReplaySweeper } from './replay-sweeper.js';

export interface StartOptions {
  clock?: Clock;
  /** Takes the lines of the log; standard output if absent. */
  write?: (line: string) => void;
}

export interface RunningService {
  name: string;
  /** `dns:///host:port` */
  grpcTarget: string;
  httpUrl: string | undefined;
  get<T>(token: Type<T> | symbol | (abstract new (...args: never[]) => T)): T;
  /** Ends in order: nothing new comes in, what is in hand is finished or given back, then all is closed. */
  stop(): Promise<void>;
  /** Ends at once, as a crash would: connections are cut, open transactions roll back. */
  kill(): Promise<void>;
}

/** How long the others may take to know this service's key before it says that it serves. */
const REGISTER_WITHIN_MS = 10_000;
/** A step of stopping: a little longer than the edges give to calls in hand. */
const STEP_WITHIN_MS = 6_000;

/** Starts a service in this process: settings, database, data map, keys, Nest, then whatever comes in. */
export async function startService(
  definition: ServiceDefinition,
  env: Readonly<Record<string, string | undefined>> = process.env,
  { clock = systemClock, write }: StartOptions = {},
): Promise<RunningService> {
  const settings = loadSettings(definition.settings ?? frameSettings, env, [
    (loaded) => frameRules(loaded as FrameSettings),
  ]) as FrameSettings;
  const log = logger({ service: definition.name }, { write, clock });
  const frame = await openFrame({ definition, settings, clock, log });
  const stopping = new AbortController();
  let application: Application | undefined;
  try {
    application = await createApplication(frame);
    await application.listen();
    return await serve(frame, application, stopping);
  } catch (error) {
    stopping.abort();
    await ended(log, 'application', application?.close());
    await closeFrame(frame);
    throw error;
  }
}

async function serve(
  frame: Frame,
  application: Application,
  stopping: AbortController,
): Promise<RunningService> {
  const { definition, clock, log, grpc, health, events } = frame;
  const get: RunningService['get'] = (token) => application.context.get(token as never, { strict: false });
  const registered = registerKey(frame, stopping.signal);
  // A late refusal (identity came up after us and knows another key) must not pass in silence.
  registered.catch((error: unknown) => log.error('key not registered', { error }));
  await Promise.race([registered, clock.wait(REGISTER_WITHIN_MS, stopping.signal)]);
  await definition.beforeServing?.(get);

  const sweeper = new ReplaySweeper(frame);
  const nightly = new NightlyCheck(frame);
  await events.start();
  get(DueWork).start();
  sweeper.start();
  nightly.start();
  const httpUrl = await application.openHttp();
  health.set(true);
  const address = `127.0.0.1:${grpc.port}`;
  log.info('ready', { grpc: address, http: httpUrl?.replace('http://', ''), pid: process.pid });

  const stop = async (): Promise<void> => {
    health.set(false);
    stopping.abort();
    await Promise.all([
      ended(log, 'consumers', events.consumers.stop()),
      ended(log, 'edges', application.drain()),
      ended(log, 'sweeper', sweeper.stop()),
      ended(log, 'nightly check', nightly.stop()),
    ]);
    // Workers of the service end in their onModuleDestroy: after the last request, before the last event leaves.
    await ended(log, 'application', application.close());
    await closeFrame(frame);
    log.info('stopped');
  };
  let once: Promise<void> | undefined;
  return {
    name: definition.name,
    grpcTarget: `dns:///${address}`,
    httpUrl,
    get,
    stop: () => (once ??= stop()),
    kill: () => {
      application.kill();
      frame.databases.main.kill();
      frame.databases.keys.kill();
      return (once ??= stop());
    },
  };
}

async function closeFrame({ log, events, clients, signals, sealing, databases }: Frame): Promise<void> {
  await ended(log, 'events', events.stop());
  clients.close();
  await ended(log, 'keys in memory', sealing.close());
  await ended(log, 'signals', signals.close());
  await ended(log, 'database', databases.main.close());
  await ended(log, 'keys', databases.keys.close());
}

/** Waits for one part to end, for a while: a broker that does not answer must not keep the others from closing. */
async function ended(log: Logger, component: string, ending: Promise<unknown> | undefined): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      log.warn('does not end, going on', { component });
      resolve();
    }, STEP_WITHIN_MS);
  });
  try {
    await Promise.race([ending, patience]);
  } catch (error) {
    log.warn('did not end well', { component, error });
  } finally {
    clearTimeout(timer);
  }
}
