import { startStandIn, stopLeftOverStandIn } from '../outside/stand-in.js';
import { freePort } from '../processes/free-port.js';
import { nothingToStop, type Part } from './part.js';

export interface CarrierPart extends Part {
  url: string;
  port?: number;
}

export interface CarrierOptions {
  dataDir: string;
  logFile: string;
  env?: NodeJS.ProcessEnv;
  /** Nobody waits any more: what is starting is killed. */
  signal?: AbortSignal;
  port?: number;
}

export async function resolveCarrier(options: CarrierOptions): Promise<CarrierPart> {
  const given = (options.env ?? process.env).HEED_CARRIER_URL;
  // A SIP trunk is asked by telephony itself, in its own protocol.
  if (given && /^sips?:/.test(given)) {
    return {
      kind: 'given',
      version: 'SIP',
      url: given,
      note: 'the SIP trunk that HEED_CARRIER_URL names',
      stop: nothingToStop,
    };
  }
  if (given) {
    await fetch(given).catch((cause: Error) => {
      throw new Error(`HEED_CARRIER_URL is set, but ${given} does not answer`, { cause });
    });
    return {
      kind: 'given',
      version: '',
      url: given,
      note: 'the carrier that HEED_CARRIER_URL names',
      stop: nothingToStop,
    };
  }
  const { dataDir, logFile } = options;
  await stopLeftOverStandIn(dataDir);
  const port = await freePort(options.port);
  const url = `http://127.0.0.1:${port}`;
  const simulator = await startStandIn({
    name: 'the carrier simulator',
    folder: 'carrier-simulator',
    dataDir,
    logFile,
    args: ['--http', String(port)],
    healthUrl: `${url}/health`,
    signal: options.signal,
  });
  return {
    kind: 'local',
    version: 'simulator',
    url,
    port,
    note: `a carrier simulator: nobody's phone rings; its calls are listed at ${url}/calls`,
    better:
      'set HEED_CARRIER_URL to a SIP trunk (sip:host:port), or to a carrier that speaks the same small protocol',
    dataDir,
    logFile,
    pid: simulator.pid,
    stop: simulator.stop,
  };
}
