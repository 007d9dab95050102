import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICES, type ServiceName } from '@heed/contracts';
import { openObjectStore } from '@heed/objects';
import { openKeyManagement } from '@heed/sealing';
import { type Wrapped } from '../wrapped-keys.js';
import { ok, unreachable, type Finding } from './finding.js';

/** A key of nobody, wrapped and unwrapped: each keeper answers, we may use it, and it holds what keys stand under. */
export async function masterKeyFindings(
  folder: string | undefined,
  env: Record<string, string | undefined>,
  wrapped: readonly Wrapped[] = [],
): Promise<Finding[]> {
  const outside = env['HEED_MASTER_KEY'] ?? env['HEED_MASTER_KEY_FILE'];
  const older = (env['HEED_OLDER_MASTER_KEYS'] ?? '').split(',').filter(Boolean);
  if (outside) return [await masterKeyFinding('master key', outside, older, wrapped)];
  const files = SERVICES.map((service) => ({ service, file: join(folder ?? '', `${service}.master`) }));
  // Where there are none, another machine has them.
  const here = files.filter(({ file }) => folder !== undefined && existsSync(file));
  const under = (service: ServiceName) => wrapped.filter((keys) => keys.service === service);
  return Promise.all(
    here.map(({ service, file }) =>
      masterKeyFinding(`master key of ${service}`, file, older, under(service)),
    ),
  );
}

async function masterKeyFinding(
  about: string,
  place: string,
  older: readonly string[],
  wrapped: readonly Wrapped[],
): Promise<Finding> {
  const context = { tenantId: 'doctor', use: 'doctor' };
  try {
    const kms = await openKeyManagement(place, { create: false, older });
    const orphan = wrapped.find((keys) => !kms.holds(keys.master_key));
    if (orphan) return orphaned(about, orphan);
    const [aside] = await kms.wrap([{ key: Buffer.alloc(32, 1), context }]);
    await kms.unwrap([{ wrapped: aside!, keyId: kms.keyId, context }]);
    return ok(about, `${kms.keyId} wraps and unwraps`);
  } catch (error) {
    return unreachable(
      about,
      error,
      'bring its keeper back, or our credentials there: docs/runbooks/lost-key.md. Keys in memory serve for seconds.',
    );
  }
}

function orphaned(about: string, { service, of, master_key: wanted, keys }: Wrapped): Finding {
  return {
    ...{
      severity: 'error',
      about,
      found: `MASTER_KEY_UNKNOWN: ${keys} of ${service} (${of}) stand under ${wanted}`,
    },
    why: 'what they seal or hash cannot be read, sent or recognised without it',
    cure: 'bring that key back: docs/runbooks/lost-key.md, A. An older keeper: HEED_OLDER_MASTER_KEYS, here too',
  };
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
