import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { privacyV1 } from '@heed/contracts';
import { openCheckpoint } from '@heed/kernel';
import { brokenPromises } from '@heed/testing';
import { verifyCertificate } from '@heed/verifier';
import pg from 'pg';
import { AskWitnesses } from '../src/log/ask-witnesses.js';
import { TransparencyLog } from '../src/log/transparency-log.js';
import { silent } from './people/people.js';
import { Town } from './town.js';

const { LogServiceService, RequestState } = privacyV1;

describe('a log whose database was put back', () => {
  let town: Town;
  beforeEach(async () => {
    town = await Town.open(silent);
  });
  afterEach(() => town?.close());

  const operator = async () =>
    (await town.cluster.asMember('privacy', { token: await town.cluster.operatorToken() })).of(
      LogServiceService,
    );
  const checkpoint = async () => (await operator()).getCheckpoint({});
  /** Until all have countersigned, or one has refused. */
  const witnessed = () =>
    town.until(
      () => town.cluster.service('privacy').get(AskWitnesses).round(),
      (all) => all,
    );
  const erased = async (requestId: string) => {
    expect((await town.watched(requestId)).at(-1)?.state).toBe(RequestState.REQUEST_STATE_COMPLETED);
    return town.certificate(requestId);
  };
  const remembered = (service: 'contacts' | 'telephony') =>
    town.sql<{ origin: string; refusal: string | null }>(
      service,
      'select origin, refusal from heed.log_witness where succeeded_by is null',
    );

  const promises = async () =>
    (await brokenPromises(town.cluster.database('privacy'))).filter((finding) => finding.startsWith('I6'));

  /** The database of privacy as whoever runs the server copies it and puts the copy in its place. */
  async function inPlace(statements: (name: string, owner: string) => string[]): Promise<void> {
    const { name, superuserUrl } = town.cluster.database('privacy');
    const elsewhere = new URL(superuserUrl);
    elsewhere.pathname = '/postgres';
    const client = new pg.Client({ connectionString: elsewhere.toString() });
    await client.connect();
    try {
      const { rows } = await client.query<{ owner: string }>(
        'select datdba::regrole::text as owner from pg_database where datname = $1',
        [name],
      );
      await client.query(`alter database ${name} allow_connections false`);
      await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
      await town.until(
        async () =>
          (await client.query('select 1 from pg_stat_activity where datname = $1', [name])).rowCount,
        (connections) => connections === 0,
      );
      for (const statement of statements(name, rows[0]!.owner)) await client.query(statement);
    } finally {
      await client.end();
    }
  }

  it('6.3 is found out by those who remember more, appends nothing, and begins anew with what they remember', async () => {
    const first = await town.request({ subjectId: await town.person() });
    const before = await erased(first.requestId);
    const oldKey = await town.vkey();
    await town.cluster.service('privacy').kill();
    await inPlace((name, owner) => [
      `create database ${name}_copy template ${name} owner ${owner}`,
      `alter database ${name} allow_connections true`,
    ]);

    // What happens afterwards is lost to privacy, and not to its witnesses.
    await town.cluster.restart('privacy');
    const second = await town.request({ subjectId: await town.person() });
    const lost = await erased(second.requestId);
    await witnessed();
    const { checkpoint: last } = await checkpoint();
    await town.cluster.service('privacy').kill();
    await inPlace((name) => [
      `drop database ${name} with (force)`,
      `alter database ${name}_copy rename to ${name}`,
      `alter database ${name} allow_connections true`,
    ]);
    await town.cluster.restart('privacy');

    const found = await town.until(checkpoint, ({ forked }) => forked !== '');
    expect(openCheckpoint(found.forked, oldKey)!.size).toBeGreaterThan(
      openCheckpoint(found.checkpoint, oldKey)!.size,
    );
    for (const service of ['contacts', 'telephony'] as const)
      await town.until(
        () => remembered(service),
        ([row]) => row?.refusal === 'SMALLER',
      );
    const log = town.cluster.service('privacy').get(TransparencyLog);
    await expect(log.append([Buffer.from('{}')])).rejects.toMatchObject({ reason: 'LOG_FORKED' });

    const begun = await (await operator()).beginNewOrigin({ witnessesRestored: false });
    const { origin } = openCheckpoint(begun.checkpoint, begun.vkey)!;
    expect(origin).toMatch(/^heed\.local\/log\/\d{14}$/);
    expect(openCheckpoint(begun.lastWitnessed, oldKey)!.size).toBe(openCheckpoint(last, oldKey)!.size);
    const [leaf] = await town.sql<{ data: Buffer }>(
      'privacy',
      'select data from log_leaf where index = (select first_leaf from log_origin where number = 2)',
    );
    expect(JSON.parse(leaf!.data.toString())).toMatchObject({
      ...{ type: 'origin_begun', checkpoint: begun.lastWitnessed },
    });
    await expect((await operator()).beginNewOrigin({ witnessesRestored: false })).rejects.toMatchObject({
      reason: 'LOG_CONSISTENT',
    });
    await witnessed();
    for (const service of ['contacts', 'telephony'] as const)
      expect(await remembered(service)).toEqual([{ origin, refusal: null }]);
    await log.append([Buffer.from('{}')]);
    // What was proved before is proved by the old key, also what privacy has forgotten.
    for (const file of [before, lost, await town.certificate(first.requestId)])
      expect(verifyCertificate(file, oldKey).log.origin).toBe('heed.local/log');
    expect(await promises()).toEqual([]);
  });

  it('begins anew while a request is open, whose certificate is under the new name with receipts from before', async () => {
    const { vkey: oldKey } = await checkpoint();
    const subjectId = await town.person();
    const { begun, requestId } = await town.whileLocked('telephony', 'heed.receipt', async () => {
      const request = await town.request({ subjectId });
      await town.until(
        () =>
          town.sql(
            'privacy',
            `select 1 from batch_receipt join subject_order using (tenant_id, batch_id)
             where service = 'contacts' and verified_at is not null and request_id = $1`,
            [request.requestId],
          ),
        (rows) => rows.length > 0,
      );
      // Everything was put back, the witnesses too: nobody remembers what would show it.
      return {
        ...{ begun: await (await operator()).beginNewOrigin({ witnessesRestored: true }) },
        requestId: request.requestId,
      };
    });
    const file = await erased(requestId);
    expect(verifyCertificate(file, begun.vkey).log.origin).toBe(begun.origin);
    expect(() => verifyCertificate(file, oldKey)).toThrow(
      expect.objectContaining({ reason: 'CHECKPOINT_NOT_SIGNED' }),
    );
    expect(await town.sql('privacy', 'select 1 from log_again')).not.toEqual([]);
    expect(await promises()).toEqual([]);
    await town.cluster.service('telephony').kill();
    // Whoever is silent may remember more than the others.
    await expect((await operator()).beginNewOrigin({ witnessesRestored: true })).rejects.toMatchObject({
      reason: 'WITNESS_SILENT',
    });
  });
});
