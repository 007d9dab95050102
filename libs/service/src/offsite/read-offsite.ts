import { markFilled, readOffsiteHead, saveOffsiteHead } from '@heed/events';
import { AppendOnlyLog, type Entry, START } from '@heed/objects';
import { type Frame } from '../frame.js';
import { type ResyncContext } from '../resync.js';

/** After a restore: what was copied off site since the backup, chunk by chunk; a kill takes up where the last one ended. */
export async function readOffsite(
  { definition, uow, clock, offsite }: Pick<Frame, 'definition' | 'uow' | 'clock' | 'offsite'>,
  { get, progress }: ResyncContext,
): Promise<void> {
  if (offsite === undefined) return;
  let read = 0;
  for (const { name, take } of definition.offsite ?? []) {
    const head = (await uow.runAcross('service', (tx) => readOffsiteHead(tx, name))) ?? START;
    for await (const chunk of new AppendOnlyLog(offsite, name).after(head)) {
      for (const [tenantId, payloads] of byTenant(chunk.entries)) await take(get, tenantId, payloads);
      await uow.runAcross('service', async (tx) => {
        await saveOffsiteHead(tx, name, chunk, [], clock.now());
        // What was there before copies were made is among what has been read.
        if (head === START) await markFilled(tx, name, clock.now());
      });
      await progress((read += 1));
    }
  }
}

function byTenant(entries: readonly Entry[]): Map<string, Buffer[]> {
  const found = new Map<string, Buffer[]>();
  for (const { tenantId, payload } of entries) {
    const those = found.get(tenantId) ?? [];
    found.set(tenantId, those);
    those.push(payload);
  }
  return found;
}
