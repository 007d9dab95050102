import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { SERVICES } from '@heed/contracts';
import { SigningKey } from '@heed/kernel';
import { when, type Finding } from './finding.js';

const OLD_DAYS = 365;
const DAY_MS = 86_400_000;

interface Registered {
  service: string;
  key_id: string;
  registered_at: Date;
}

/** Key files of this machine, and what identity knows of the services' keys. */
export async function keyFindings(folder: string | undefined, identity: pg.Client): Promise<Finding[]> {
  const { rows } = await identity.query<Registered>(
    'select service, key_id, registered_at from service_key order by registered_at',
  );
  const ages = SERVICES.map((service) =>
    ageFinding(service, rows.filter((row) => row.service === service).at(-1)),
  );
  if (!folder || !existsSync(folder)) return ages;
  return [
    ...modeFindings(folder),
    ...ages,
    ...SERVICES.flatMap((service) => fileFinding(folder, service, rows)),
  ];
}

function modeFindings(folder: string): Finding[] {
  const open = readdirSync(folder).filter((name) => (statSync(join(folder, name)).mode & 0o077) !== 0);
  return [
    when(
      open.length > 0,
      'error',
      'key files',
      open.length > 0 ? `others may read ${open.join(', ')}` : 'mode 0600',
      {
        why: 'I6: whoever reads a key signs receipts and permits in its name',
        cure: `chmod 600 ${join(folder, '*')}, and make new keys if others had access`,
      },
    ),
  ];
}

function ageFinding(service: string, newest: Registered | undefined): Finding {
  const days = newest ? Math.floor((Date.now() - newest.registered_at.getTime()) / DAY_MS) : 0;
  if (!newest) {
    return when(true, 'error', `${service} key`, 'not registered with identity', {
      why: 'I6: nobody accepts its receipts, permits and calls',
      cure: `start ${service} while identity is up: it registers itself`,
    });
  }
  return when(days > OLD_DAYS, 'warning', `${service} key`, `${newest.key_id}, ${days} days old`, {
    why: 'I6: the longer a key lives, the more it could have signed in strange hands',
    cure: `heed keys rotate ${service}, then start it anew within 24 hours`,
  });
}

/** The key that the service will sign with when it starts next. */
function fileFinding(folder: string, service: string, registered: readonly Registered[]): Finding[] {
  const file = join(folder, `${service}.pem`);
  if (!existsSync(file)) return [];
  const { keyId } = SigningKey.load(file, { create: false });
  const known = registered.some((row) => row.service === service && row.key_id === keyId);
  return [
    when(
      !known,
      'error',
      `${service} key file`,
      known ? 'the registered key' : `${keyId} is not registered`,
      {
        why: 'I6: what it signs is refused everywhere',
        cure: `restart ${service} while identity is up, or put the registered key back`,
      },
    ),
  ];
}
