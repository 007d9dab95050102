import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { privacyV1 } from '@heed/contracts';
import { DueWork } from '@heed/data-rights';
import { beginOffsite, offsiteDue } from '@heed/events';
import { newId } from '@heed/kernel';
import { type Type } from '@nestjs/common';
import { ForgetRequest } from '../src/answers/forget-request.js';
import { RecordAccess } from '../src/audit/record-access.js';
import { Manifests } from '../src/manifests/manifests.js';
import { IssueOrders } from '../src/orders/issue-orders.js';
import { Requesters } from '../src/requesters/requesters.js';
import { CreateRequest } from '../src/requests/create-request.js';
import { EndRequest } from '../src/requests/end-request.js';
import { OFFSITE_REQUESTS } from '../src/restores/offsite-requests.js';
import { ReturnRequests } from '../src/restores/return-requests.js';
import { ApproveRequest } from '../src/review/approve-request.js';
import { Needles } from '../src/sweeps/needles.js';
import { Registry } from './registry.js';

describe('a request that was approved since the backup', () => {
  let registry: Registry;
  beforeAll(async () => {
    registry = await Registry.open();
    await registry.work.runAcross('service', (tx) => beginOffsite(tx, OFFSITE_REQUESTS));
  });
  afterAll(() => registry.close());

  const returning = (): ReturnRequests =>
    new ReturnRequests(
      registry.work,
      registry.get(Manifests),
      registry.get(IssueOrders),
      registry.get(Needles),
      registry.get(Requesters),
      registry.get(ForgetRequest),
      registry.get(RecordAccess),
      registry.get(DueWork as unknown as Type<DueWork>),
      registry.ground.clock,
    );

  it.each([true, false])(
    '5.5 is copied off site, and goes on in a privacy that is put back (which knew it: %s)',
    async (wasKnown) => {
      const caller = registry.caller(newId());
      const asked = registry.asking({
        ...{ subjectId: newId(), right: privacyV1.Right.RIGHT_ERASURE },
        verification: 'known_to_agent',
      });
      const { request } = await registry.get(CreateRequest).create(caller, asked);
      const { requestId } = request!;
      expect(request!.state).toBe(privacyV1.RequestState.REQUEST_STATE_REVIEW);
      await registry.get(ApproveRequest).approve(caller, { requestId, verification: 'document' });

      const due = await registry.work.runAcross('service', (tx) => offsiteDue(tx, OFFSITE_REQUESTS, 100));
      const payloads = due.map(({ payload }) => payload).filter((payload) => payload.includes(requestId));
      expect(payloads.map((payload) => JSON.parse(payload.toString()) as object)).toMatchObject([
        { state: 'REVIEW', approved_by: null },
        { state: 'FANNED_OUT', approved_by: caller.actorId, verification: 'document' },
      ]);

      for (const table of ['subject_order', 'request_pin'])
        await registry.sql(`delete from ${table} where request_id = $1`, [requestId]);
      await registry.sql('delete from request where request_id = $1', [requestId]);
      // What waited is what the backup holds, or the copy brings it first.
      if (wasKnown) await returning().takeRequests(caller.tenantId, payloads.slice(0, 1));
      await returning().takeRequests(caller.tenantId, wasKnown ? payloads.slice(1) : payloads);
      expect(await returning().settle(caller.tenantId)).toBe(1);
      expect(
        await registry.sql(
          `select state, approved_by, verification, attention_at is not null as shown from request
           where request_id = $1`,
          [requestId],
        ),
      ).toEqual([
        { state: 'FANNED_OUT', approved_by: caller.actorId, verification: 'document', shown: true },
      ]);
      expect(
        await registry.sql('select action from subject_order where request_id = $1', [requestId]),
      ).toEqual([{ action: 'ERASE' }]);
    },
  );

  it('5.5 comes back beside one that was taken back since and was open in the backup', async () => {
    const caller = registry.caller(newId());
    const subjectId = newId();
    const ask = async () => {
      const asked = registry.asking({
        ...{ subjectId, right: privacyV1.Right.RIGHT_ERASURE, verification: 'known_to_agent' },
      });
      return (await registry.get(CreateRequest).create(caller, asked)).request!.requestId;
    };
    const first = await ask();
    await registry.get(EndRequest).cancel(caller, { requestId: first });
    const second = await ask();
    const due = await registry.work.runAcross('service', (tx) => offsiteDue(tx, OFFSITE_REQUESTS, 100));
    const payloads = due.map(({ payload }) => payload).filter((payload) => payload.includes(subjectId));
    await registry.sql('delete from request_pin where request_id = $1', [second]);
    await registry.sql('delete from request where request_id = $1', [second]);
    await registry.sql(
      `update request set state = 'REVIEW', closed_at = null, closing_statement = null, closing_salt = null
       where request_id = $1`,
      [first],
    );

    await returning().takeRequests(caller.tenantId, payloads);
    expect(
      await registry.sql(
        `select request_id, state, attention_at is not null as shown,
           exists (select 1 from heed.due_work where ref = request_id and queue = 'request-record') as is_forgotten_once
         from request where tenant_id = $1 order by received_at`,
        [caller.tenantId],
      ),
    ).toEqual([
      { request_id: first, state: 'CANCELLED', shown: false, is_forgotten_once: true },
      { request_id: second, state: 'REVIEW', shown: true, is_forgotten_once: false },
    ]);
  });
});
