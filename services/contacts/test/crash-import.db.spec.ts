import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@heed/kernel';
import type pg from 'pg';
import { brokenPromises, everyStep, TestClock } from '@heed/testing';
import { ContactsFixture, pieces } from './contacts-fixture.js';

const HEADER = 'email,first_name,consent_purpose,consent_channel,consent_basis,consent_at,consent_source';
const AGREED = 'newsletter,email,consent,2025-06-01,web form';
const FILE = [
  HEADER,
  `a@example.org,Ana,${AGREED}`,
  `b@example.org,Bo,${AGREED}`,
  `a@example.org,Ana again,${AGREED}`,
  `no address,Cy,${AGREED}`,
].join('\n');

/** A process that is dead keeps its claim for so long. */
const CLAIM_MS = 20_000;
/** A file of which nothing more comes is given up after so long. */
const PATIENCE_MS = 300_001;

interface World {
  tenantId: string;
  listId: string;
}

describe('an import whose process is killed', () => {
  let fixture: ContactsFixture;
  let probe: pg.Pool;
  const clock = new TestClock();
  beforeAll(async () => {
    fixture = await ContactsFixture.create({ clock });
    probe = fixture.main.open().pool('probe');
  });
  afterAll(() => fixture.drop());

  /** What there is of a tenant, counted by statements that share nothing with the code. */
  async function found({ tenantId }: World): Promise<Record<string, unknown>> {
    const { rows } = await probe.query<Record<string, unknown>>(
      `select (select count(*)::int from contact where tenant_id = $1) as contacts,
         (select count(*)::int from endpoint where tenant_id = $1) as endpoints,
         (select count(*)::int from list_member where tenant_id = $1) as members,
         (select count(*)::int from consent_entry where tenant_id = $1) as entries,
         (select count(*)::int from heed.outbox where tenant_id = $1) as events,
         (select sum(created)::int from import where tenant_id = $1) as created,
         (select count(*)::int from import where tenant_id = $1 and state = 'completed' and rows <> 4) as partial,
         (select count(*)::int from import where tenant_id = $1 and state in ('receiving', 'merging')) as open`,
      [tenantId],
    );
    return { ...rows[0], staged: await fixture.staged(tenantId) };
  }

  it('at any step makes each person once, with one consent that is told once, and leaves nothing half done', async () => {
    const steps = await everyStep<World>({
      begin: async () => {
        const tenantId = newId();
        return { tenantId, listId: await fixture.list(tenantId) };
      },
      live: async ({ tenantId, listId }, process) => {
        const dying = fixture.inProcess(process);
        await dying.receiving.receive(tenantId, listId, pieces(FILE));
        await dying.worker.due.runDue();
      },
      recover: async ({ tenantId, listId }, answered) => {
        // Whoever heard no answer sends the file again.
        if (!answered) await fixture.receiving.receive(tenantId, listId, pieces(FILE));
        await clock.advance(CLAIM_MS);
        await fixture.worker.due.runDue();
        await clock.advance(PATIENCE_MS);
        await fixture.worker.due.runDue();
      },
      verify: async (world) => {
        expect(await found(world)).toEqual({
          ...{ contacts: 2, endpoints: 2, members: 2, entries: 2, events: 2, created: 2 },
          ...{ partial: 0, open: 0, staged: 0 },
        });
      },
    });
    expect(await brokenPromises(fixture.main)).toEqual([]);
    expect(steps.filter((step) => step === 'copy')).toHaveLength(1);
    expect(steps.filter((step) => step === 'commit').length).toBeGreaterThan(5);
  });
});
