import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICES } from '@heed/contracts';
import { openObjectStore } from '@heed/objects';
import { openKeyManagement } from '@heed/sealing';
import { ok, unreachable, type Finding } from './finding.js';

/** A key of nobody, wrapped and unwrapped: each keeper answers, and we may use it. */
export async function masterKeyFindings(
  folder: string | undefined,
  env: Record<string, string | undefined>,
): Promise<Finding[]> {
  const outside = env['HEED_MASTER_KEY'] ?? env['HEED_MASTER_KEY_FILE'];
  if (outside) return [await masterKeyFinding('master key', outside)];
  const files = SERVICES.map((service) => ({ service, file: join(folder ?? '', `${service}.master`) }));
  // Where there are none, another machine has them.
  const here = files.filter(({ file }) => folder !== undefined && existsSync(file));
  return Promise.all(here.map(({ service, file }) => masterKeyFinding(`master key of ${service}`, file)));
}

async function masterKeyFinding(about: string, place: string): Promise<Finding> {
  const context = { tenantId: 'doctor', use: 'doctor' };
  try {
    const kms = await openKeyManagement(place, { create: false });
    const [wrapped] = await kms.wrap([{ key: Buffer.alloc(32, 1), context }]);
    await kms.unwrap([{ wrapped: wrapped!, keyId: kms.keyId, context }]);
    return ok(about, `${kms.keyId} wraps and unwraps`);
  } catch (error) {
    return unreachable(
      about,
      error,
      'bring its keeper back, or our credentials there: docs/runbooks/lost-key.md. Keys in memory serve for seconds.',
    );
  }
}

/** One look at what is there: it answers, and we may list. */
export async function objectsFindings(url: string | undefined): Promise<Finding[]> {
  // Another machine knows where they are.
  if (!url) return [];
  const about = 'objects';
  try {
    const store = await openObjectStore(url);
    for await (const found of store.list('')) if (found) break;
    return [ok(about, `${new URL(url).protocol.slice(0, -1)} answers`)];
  } catch (error) {
    return [unreachable(about, error, 'is the bucket there, and may our credentials list it?')];
  }
}
