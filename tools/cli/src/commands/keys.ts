import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Command } from 'commander';
import { type HeedClient } from '@heed/client';
import { isServiceName, SERVICES } from '@heed/contracts';
import { DomainError } from '@heed/kernel';
import { followLogKey } from '@heed/verifier';
import { type Context } from '../context.js';
import { addRewrap } from './keys-rewrap.js';
import { withExample } from '../help.js';
import { findRun } from '../installation.js';
import {
  rotateLogKey,
  rotateServiceKey,
  revokeServiceKey,
  rotateTokenKey,
  type Rotated,
} from '../rotate-key.js';

export function addKeys(heed: Command, context: Context): void {
  const keys = heed.command('keys').description('Keys by which services, members and the log are known');
  withExample(keys, 'heed keys list');
  withExample(
    keys.command('list').description('Keys that verify now: of tokens, of each service, and of the log.'),
    'heed keys list --json',
  ).action(async () => {
    const rows = await context.asAnybody(listKeys);
    context.output.table(rows, ['of', 'key', 'since', 'retires', 'state']);
  });
  const rotate = keys
    .command('rotate <key>')
    .description(
      `Makes a key that follows the one in its file: tokens, log, or a service (${SERVICES.join(', ')}). ` +
        'Runs where the file is; a rotation that was interrupted is gone on with.',
    )
    .option('--file <path>', 'the key file (default: that of the installation in run.json)');
  withExample(
    rotate,
    'heed keys rotate contacts',
    'HEED_REGISTRATION_SECRET=... heed keys rotate contacts --file /keys/contacts.pem',
  ).action(async (key: string, options: { file?: string }) => {
    const file = options.file ?? fileOf(key, context);
    context.output.record(await rotated(key, file, context));
  });
  addRewrap(keys, context);
  const revoke = keys
    .command('revoke <service>')
    .description(
      'Ends a key of a service that was stolen or lost: a leaf of the log says from where on nothing counts that it ' +
        'signs, and nobody takes its calls, orders and permits. Makes the key that follows it. For the operator; runs ' +
        'where the key file is.',
    )
    .option('--key <id>', 'an earlier key of the service (default: the one that it has now)')
    .option('--file <path>', 'the key file (default: that of the installation in run.json)');
  withExample(revoke, 'heed keys revoke contacts', 'heed keys revoke contacts --key 1f0c2a9be4d85560').action(
    async (service: string, { key, file }: { key?: string; file?: string }) => {
      if (!isServiceName(service)) throw unknownKey();
      const where = {
        file: () => file ?? fileOf(service, context),
        ...(key !== undefined && { keyId: key }),
      };
      context.output.record(await context.asMember((client) => revokeServiceKey(client, service, where)));
    },
  );
  const follow = keys
    .command('follow <vkey>')
    .description(
      'From a verifier key of the log that you trust to the one that signs now: each key has signed who follows it.',
    );
  withExample(follow, 'heed keys follow heed.local/log+1a2b3c4d+AXYZ...').action(async (vkey: string) => {
    const { keys: known } = await context.asAnybody((client) => client.log.listLogKeys({}));
    let trusted = vkey;
    for (const { leafIndex, ...next } of known.slice(known.findIndex((key) => key.vkey === vkey) + 1)) {
      trusted = followLogKey(trusted, { ...next, leafIndex: Number(leafIndex) });
    }
    context.output.record({ trusted: vkey, vkey: trusted });
  });
}

async function rotated(key: string, file: string, context: Context): Promise<Rotated> {
  if (key === 'tokens') return rotateTokenKey(file);
  if (key === 'log') return rotateLogKey(file);
  return context.asAnybody((client) => rotateServiceKey(client, key, file, registrationSecret(file)));
}

async function listKeys(client: HeedClient): Promise<object[]> {
  const jwks = await client.http('identity', { method: 'GET', path: '/.well-known/jwks.json' });
  const tokens = ((await jwks.json()) as { keys: { kid: string }[] }).keys;
  const services = (await client.tokens.listServiceKeys({})).keys;
  const log = (await client.log.listLogKeys({})).keys;
  return [
    ...tokens.map(({ kid }) => ({ of: 'tokens', key: kid })),
    ...services.map((key) => ({
      ...{ of: key.service, key: key.keyId, since: key.registeredAt, retires: key.retiresAt },
      ...(key.revokedAt && { state: 'revoked' }),
    })),
    ...log.map(({ vkey, leafIndex }) => ({ of: 'log', key: vkey, since: `leaf ${leafIndex}` })),
  ];
}

function fileOf(key: string, context: Context): string {
  if (key !== 'tokens' && key !== 'log' && !isServiceName(key)) {
    throw unknownKey();
  }
  const run = findRun(context.runFile);
  if (run) return join(run.dataDir, 'keys', `${key}.pem`);
  throw new DomainError('KEY_FILE_MISSING', 'invalid-argument', {
    message: 'Where the key lies is not known: give --file, or name a run.json with --run',
  });
}

function unknownKey(): DomainError {
  return new DomainError('KEY_UNKNOWN', 'invalid-argument', {
    message: `No such key: tokens, log, or one of ${SERVICES.join(', ')}`,
  });
}

/** Of the environment, else where `npm start` keeps it, beside the keys. */
function registrationSecret(file: string): string {
  const given = process.env['HEED_REGISTRATION_SECRET'];
  if (given) return given;
  try {
    const secrets = JSON.parse(readFileSync(join(dirname(file), 'secrets.json'), 'utf8')) as {
      registration: string;
    };
    return secrets.registration;
  } catch (error) {
    throw new DomainError('REGISTRATION_SECRET_MISSING', 'invalid-argument', {
      message: 'Set HEED_REGISTRATION_SECRET: identity takes keys from whoever knows it',
      cause: error,
    });
  }
}
