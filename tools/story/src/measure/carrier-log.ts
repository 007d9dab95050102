import { join } from 'node:path';
import { type Stage } from '../stage.js';
import { readLines } from './mail-log.js';

/** A line of the carrier simulator's log, of which the story needs these. Written by tools/launcher/src/carrier-simulator. */
export interface CarrierLogLine {
  event: 'invite' | 'answered' | 'pressed' | 'ended';
  /** Wall time in milliseconds, with a fraction. */
  at: number;
  call_id: string;
  to: string;
}

export function readCarrierLog({ cluster }: Pick<Stage, 'cluster'>): Promise<CarrierLogLine[]> {
  return readLines(join(cluster.run.parts.carrier.dataDir ?? '', 'events.jsonl'));
}
