import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@heed/kernel';
import { addSubjects } from '@heed/postgres';
import { TestClock } from '@heed/testing';
import { AttemptsDatabase } from '../../test/attempts-database.js';
import { type SendingTenantStore } from '../dispatch/sending-tenant.store.js';
import { DenyStore } from './deny.store.js';
import { InboundMailStore } from './inbound-mail.store.js';
import { ProviderEventStore } from './provider-event.store.js';
import { PurgeMails } from './purge-mails.js';
import { type ResolveDoubt } from './resolve-doubt.js';

const DAY_MS = 24 * 3_600_000;

describe('mails whose days are over', () => {
  const database = new AttemptsDatabase();
  const { tenantId } = database;
  const clock = new TestClock();
  const [mails, denies] = [new InboundMailStore(), new DenyStore()];
  const undecided: string[] = [];
  let purging: PurgeMails;
  beforeAll(async () => {
    await database.open();
    purging = new PurgeMails(
      ...([database.uow, { all: async () => [tenantId] } as unknown as SendingTenantStore] as const),
      ...([mails, denies, new ProviderEventStore()] as const),
      { resolve: async (_tx: unknown, id: string) => void undecided.push(id) } as unknown as ResolveDoubt,
      clock,
    );
  });
  afterAll(() => database.drop());

  /** An answer of theirs, and a denial that has ended. */
  const wrote = async (contactId: string, kind: 'answer' | 'doubt' = 'answer'): Promise<string> => {
    const [mailId, at] = [newId(), clock.now()];
    await database.uow.run(tenantId, async (tx) => {
      await addSubjects(tx, [contactId]);
      const mail = {
        ...{ mailId, contactId, isKnown: true, attemptId: undefined, addressKind: 'reply' as const, kind },
        ...{
          scope: { channel: '' as const, purpose: '' },
          delivery: undefined,
          code: '',
          raw: randomBytes(9),
        },
        ...{ receivedAt: at, expiresAt: new Date(at.getTime() + 30 * DAY_MS) },
      };
      await mails.keep(tx, mail, at);
      await denies.stand(tx, { mailId, contactId, endpointHash: undefined, reason: 'opt_out' }, at);
      await denies.end(tx, mailId, at);
    });
    return mailId;
  };
  const told = (holdId: string, subjectId: string, released: boolean) =>
    database.uow.run(tenantId, (tx) =>
      tx.execute(
        `insert into heed.hold values ($1, $2, $3, $4)
         on conflict (tenant_id, hold_id) do update set released = excluded.released`,
        [tenantId, holdId, subjectId, released],
      ),
    );
  const kept = async (): Promise<string[]> => {
    const rows = await database.uow.run(tenantId, (tx) =>
      tx.query<{ id: string }>('select mail_id as id from inbound_mail union all select mail_id from deny'),
    );
    return rows.map(({ id }) => id).toSorted();
  };

  it('go, but for those of whom a hold keeps, which go after its release; what nobody decided is decided all the same', async () => {
    const [ada, bo, holdId] = [newId(), newId(), newId()];
    const [ofAda, , inDoubt] = [await wrote(ada), await wrote(bo), await wrote(ada, 'doubt')];
    await told(holdId, ada, false);
    await purging.purge();
    // Denials had ended; of whom a hold keeps they stay.
    expect(await kept()).toHaveLength(5);
    await clock.advance(31 * DAY_MS);
    await purging.purge();
    expect(await kept()).toEqual([ofAda, ofAda, inDoubt, inDoubt].toSorted());
    expect(undecided).toEqual([inDoubt]);

    await told(holdId, ada, true);
    await database.uow.run(tenantId, (tx) =>
      mails.decide(tx, inDoubt, { decision: 'not_an_opt_out', by: undefined, at: clock.now() }),
    );
    await purging.purge();
    expect(await kept()).toEqual([]);
  });
});
