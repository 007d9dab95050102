import { type Type } from '@nestjs/common';
import { frameRules, frameSettings, type FrameSettings, loadSettings } from '@heed/config';
import { DueWork } from '@heed/data-rights';
import { readQuarantine } from '@heed/events';
import { type Clock, systemClock } from '@heed/kernel';
import { logger, type Logger } from '@heed/telemetry';
import { type Application, createApplication } from './application.js';
import { type ServiceDefinition } from './definition.js';
import { type Frame, openFrame } from './frame.js';
import { KeyRewrapper } from './key-rewrapper.js';
import { LEFT_BEHIND, Life } from './life.js';
import { NightlyCheck } from './nightly-check.js';
import { CopyOffsite } from './offsite/copy-offsite.js';
import { PutBack } from './put-back.js';
import { registerKey } from './register-key.js';
import { ReplaySweeper } from './replay-sweeper.js';
import { resyncWhenAsked, tenantsIn } from './resync.js';
import { stepsOf } from './resync-steps.js';
import { tellLifts } from './tell-lifts.js';

export interface StartOptions {
  clock?: Clock;
  /** Takes the lines of the log; standard output if absent. */
  write?: (line: string) => void;
  /** Told when a service that serves learns that its database was put back: it must be stopped, and started anew. */
  onPutBack?: () => void;
}

export interface RunningService {
  name: string;
  /** `dns:///host:port` */
  grpcTarget: string;
  readonly httpUrl: string | undefined;
  /** Why it answers health alone, where it came up so. */
  quarantine: string | undefined;
  /** Resolves once it serves: at once, or after a resync. */
  opened: Promise<void>;
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
  { clock = systemClock, write, onPutBack }: StartOptions = {},
): Promise<RunningService> {
  const settings = loadSettings(definition.settings ?? frameSettings, env, [
    (loaded) => frameRules(loaded as FrameSettings),
  ]) as FrameSettings;
  const log = logger({ service: definition.name }, { write, clock });
  const putBack = new PutBack(onPutBack);
  const frame = await openFrame({ definition, settings, clock, log, onWentBack: (why) => putBack.tell(why) });
  putBack.watch(frame);
  const stopping = new AbortController();
  let application: Application | undefined;
  try {
    application = await createApplication(frame);
    return await serve(frame, application, stopping, putBack);
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
  putBack: PutBack,
): Promise<RunningService> {
  const { definition, clock, log, grpc, health, events, uow } = frame;
  const { signal } = stopping;
  const get: RunningService['get'] = (token) => application.context.get(token as never, { strict: false });
  const life = new Life(frame);
  const known = await uow.runAcross('service', (tx) => readQuarantine(tx));
  // Said before the first call can come.
  health.silence(known?.reason);
  await application.listen();
  const registered = registerKey(frame, signal);
  // A late refusal (identity came up after us and knows another key) must not pass in silence.
  registered.catch((error: unknown) => log.error('key not registered', { error }));
  if (known === undefined) await Promise.race([registered, clock.wait(REGISTER_WITHIN_MS, signal)]);
  const isLeftBehind = known === undefined && !(await life.begin(signal));
  const quarantine = isLeftBehind ? LEFT_BEHIND : known?.reason;

  const sweeper = new ReplaySweeper(frame);
  const nightly = new NightlyCheck(frame);
  const rewrapper = new KeyRewrapper(frame);
  const offsite = new CopyOffsite(frame);
  const open = async (): Promise<string | undefined> => {
    await definition.beforeServing?.(get, () => tenantsIn(frame.databases));
    await events.start();
    get(DueWork).start();
    sweeper.start();
    nightly.start();
    rewrapper.start();
    offsite.start();
    const httpUrl = await application.openHttp();
    health.silence(undefined);
    health.set(true);
    void tellLifts(frame, signal);
    void life.watch(signal).then((how) => how === 'left-behind' && putBack.tell(LEFT_BEHIND));
    return httpUrl;
  };
  const address = `127.0.0.1:${grpc.port}`;
  let httpUrl: string | undefined;
  let opened: Promise<void> = Promise.resolve();
  if (quarantine === undefined) {
    httpUrl = await open();
    log.info('ready', { grpc: address, http: httpUrl?.replace('http://', ''), pid: process.pid });
  } else {
    health.silence(quarantine);
    log.warn('in quarantine: health is all that is answered', { reason: quarantine });
    // Ready to be asked for a resync; the HTTP edge will stand where it always does.
    const http = definition.http ? frame.settings.HEED_HTTP_LISTEN : undefined;
    log.info('ready', { grpc: address, http, pid: process.pid, reason: quarantine });
    opened = resyncWhenAsked(frame, stepsOf(frame, life), get, signal).then(async (how) => {
      if (how === 'stopped') return;
      if (how === 'lifted') {
        log.warn('an operator has lifted the quarantine', { reason: quarantine });
        await life.begin(signal);
      }
      httpUrl = await open();
      log.info('out of quarantine', { http: httpUrl?.replace('http://', '') });
    });
    opened.catch((error: unknown) => log.error('not opened after the resync', { error }));
  }

  const stop = async (): Promise<void> => {
    health.set(false);
    stopping.abort();
    await ended(
      log,
      'resync',
      opened.catch(() => undefined),
    );
    await Promise.all([
      ended(log, 'consumers', events.consumers.stop()),
      ended(log, 'edges', application.drain()),
      ended(log, 'sweeper', sweeper.stop()),
      ended(log, 'nightly check', nightly.stop()),
      ended(log, 'keys', rewrapper.stop()),
      ended(log, 'copies off site', offsite.stop()),
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
    get httpUrl() {
      return httpUrl;
    },
    quarantine,
    opened,
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
