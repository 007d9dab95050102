import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@heed/kernel';
import { isSweepSignedBy, opensSweep, readSweepStatement } from '../src/index.js';
import { type SignedSweep } from '../src/sweep/run-sweeps.js';
import { Clinic, ERASE } from './clinic.js';

const EMAIL = 'quill.thistle+ward@clinic.test';

describe('6.7 a sweep', () => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await Clinic.open();
  });
  afterAll(async () => {
    await clinic.rights.sweeps.stop();
    await clinic.close();
  });

  /** Somebody who was erased, for the next sweep. */
  async function erased(address: string, more: { living?: boolean } = {}): Promise<string> {
    const subjectId = await clinic.admit();
    await clinic.carryOut(ERASE, [clinic.order(subjectId)]);
    const { tenant: tenantId } = clinic;
    const addresses = [
      {
        channel: address.includes('@') ? ('email' as const) : ('voice' as const),
        address,
        living: false,
        ...more,
      },
    ];
    clinic.sought.push({ tenantId, requestId: newId(), subjectId, addresses });
    return subjectId;
  }

  async function sweep(): Promise<SignedSweep> {
    const sweepId = newId();
    for (;;) {
      const signed = clinic.rights.sweeps.run(sweepId);
      if (signed) return signed;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Where the last of those who are sought was found. */
  const placesIn = ({ openings }: SignedSweep, at = -1) =>
    openings.at(at)!.hits.map(({ store, column, living }) => `${store}.${column}${living ? ' living' : ''}`);

  it('finds nothing of whoever was erased, and signs for each of them by itself', async () => {
    const subjectId = await erased('nothing.left@clinic.test');
    const signed = await sweep();
    expect(isSweepSignedBy(signed.receipt, clinic.ownKey.publicKey)).toBe(true);
    const opening = signed.openings.at(-1)!;
    expect(opensSweep(signed.receipt, opening)).toBe(true);
    const said = readSweepStatement(opening.statement)!;
    expect(said).toMatchObject({ subjectId, needles: 1, found: 0, excepted: 0, service: 'telephony' });
    expect(said.columns).toBeGreaterThan(20);
    expect(opensSweep(signed.receipt, { ...opening, salt: Buffer.alloc(32) })).toBe(false);
  });

  it('finds what a store kept that says it has erased: in rows nobody declared, in bytes, in the names of objects', async () => {
    await erased(EMAIL);
    await clinic.asSuperuser(`create table if not exists forgotten (id int primary key, tenant_id uuid, note jsonb);
      create schema if not exists jobs; create table if not exists jobs.job (payload bytea);
      grant usage on schema jobs to telephony_probe; grant select on forgotten, jobs.job to telephony_probe`);
    await clinic.asSuperuser('insert into forgotten values (1, $1, $2), (2, $3, $2)', [
      ...[clinic.tenant, JSON.stringify({ to: EMAIL.toUpperCase() }), newId()],
    ]);
    const payload = Buffer.concat([
      Buffer.from([0x0a, EMAIL.length]),
      Buffer.from(EMAIL),
      Buffer.from([0x12]),
    ]);
    await clinic.asSuperuser('insert into jobs.job values ($1), ($2)', [payload, Buffer.from('nothing')]);
    await clinic.objects.put('notes/to-quill.thistle', Buffer.from('x'));
    const signed = await sweep();
    expect(placesIn(signed).sort()).toEqual(['forgotten.note', 'jobs.job.payload']);
    // The row of this tenant, by what leads to it; what it holds is nowhere in the answer.
    expect(signed.openings.at(-1)!.hits[0]!.key).toBe('{"id":"1"}');
    expect(JSON.stringify(signed).toLowerCase()).not.toContain('quill.thistle');
    await clinic.asSuperuser('drop table forgotten; drop schema jobs cascade');
    expect(placesIn(await sweep())).toEqual([]);
  });

  it('finds them in a large row beside the table, behind thousands of small ones', async () => {
    await erased('deep.below@clinic.test');
    await clinic.asSuperuser(`create table pile (id int primary key, body text);
      grant select on pile to telephony_probe;
      insert into pile select n, repeat('x', 300) from generate_series(1, 5000) n;
      insert into pile values (0, (select string_agg(md5(n::text), ' ') from generate_series(1, 20000) n) || ' Deep.Below@clinic.test')`);
    const signed = await sweep();
    expect(placesIn(signed)).toEqual(['pile.body']);
    await clinic.asSuperuser('drop table pile');
  });

  it('excepts what somebody who lives holds, and names it: a household shares a number', async () => {
    await erased('+14155550142');
    const other = await clinic.admit();
    await clinic.asSuperuser(`update patient set name = '(415) 555-0142' where contact_id = $1`, [other]);
    expect(placesIn(await sweep())).toEqual(['patient.name living']);
    await clinic.carryOut(ERASE, [clinic.order(other)]);
    // The name of a store that a ground retains is out of reach and named already.
    await clinic.asSuperuser(`set session_replication_role = replica;
      insert into patient (tenant_id, contact_id, name) values ('${clinic.tenant}', '${other}', '415 555 0142')`);
    expect(placesIn(await sweep())).toEqual(['patient.name']);
    const { openings } = await sweep();
    expect(readSweepStatement(openings.at(-1)!.statement)).toMatchObject({ found: 1, excepted: 0 });
  });

  it('refuses to search a database of which a table is hidden from it', async () => {
    await clinic.asSuperuser(`create table hidden (note text); revoke all on hidden from telephony_probe`);
    await expect(sweep()).rejects.toMatchObject({ reason: 'TABLE_NOT_READABLE' });
    await clinic.asSuperuser('drop table hidden');
  });
});
