import { mkdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { nothingToStop, type Part } from './part.js';

export interface ObjectsPart extends Part {
  url: string;
}

/** Recordings, imports and packages lie in a folder; other stores by HEED_OBJECTS once a driver for them exists. */
export function resolveObjects(options: { dataDir: string; env?: NodeJS.ProcessEnv }): ObjectsPart {
  const given = (options.env ?? process.env).HEED_OBJECTS;
  if (given && !given.startsWith('file://')) {
    throw new Error(`HEED_OBJECTS=${given} is not supported: file:///folder is the only store so far`);
  }
  if (!given) mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
  return {
    kind: given ? 'given' : 'folder',
    version: '',
    url: given ?? pathToFileURL(options.dataDir).href,
    dataDir: given ? undefined : options.dataDir,
    note: given ? 'the folder that HEED_OBJECTS names' : `a folder: ${options.dataDir}`,
    stop: nothingToStop,
  };
}
