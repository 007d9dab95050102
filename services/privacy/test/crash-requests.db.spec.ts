import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { datarightsV1, privacyV1 } from '@heed/contracts';
import { newId, type Caller } from '@heed/kernel';
import { addSubjects } from '@heed/postgres';
import { brokenPromisesOf, everyEffect } from '@heed/testing';
import { verifyCertificate } from '@heed/verifier';
import { StreamPackage } from '../src/access/stream-package.js';
import { GetCertificate } from '../src/certificates/get-certificate.js';
import { TransparencyLog } from '../src/log/transparency-log.js';
import { CreateRequest } from '../src/requests/create-request.js';
import { Registry } from './registry.js';

const { Right } = privacyV1;
/** A process that is dead keeps its claim for so long; a request that was not kept is noted to be so later. */
const OVER_MS = 61_000;

interface World {
  caller: Caller;
  asked: privacyV1.CreateRequestRequest;
}

interface Kept {
  requestId: string;
  state: string;
}

describe('a request whose privacy is killed', () => {
  let registry: Registry;
  beforeAll(async () => {
    registry = await Registry.open();
  });
  afterAll(() => registry.close());

  const correction = {
    ...{ field: datarightsV1.PersonField.PERSON_FIELD_EMAIL, value: 'ada.byron@example.org' },
    ...{ endpointId: '', previous: '' },
  };

  it.each([
    ['erasure', { right: Right.RIGHT_ERASURE }, 'rpc stopPermits'],
    ['access', { right: Right.RIGHT_ACCESS }, 'rpc destroyExport'],
    ['correction', { right: Right.RIGHT_CORRECTION, corrections: [correction] }, 'rpc checkCorrections'],
  ])(
    'after any effect of %s, from the call to its end, is one request, is completed in the end, and never before all is in',
    async (_what, more, does) => {
      const steps = await everyEffect<World>({
        begin: async () => {
          const subjectId = newId();
          const caller = registry.caller(newId());
          await registry.work.run(caller.tenantId, (tx) => addSubjects(tx, [subjectId]));
          return { caller, asked: registry.asking({ subjectId, email: 'ada@example.org', ...more }) };
        },
        live: async ({ caller, asked }, process) => {
          const dying = await registry.inProcess(process);
          await dying.get(CreateRequest).create(caller, asked);
          await dying.drive(caller.tenantId);
        },
        recover: async ({ caller, asked }) => {
          await expectNothingFalse(caller);
          // Who heard no answer asks again, under the same id.
          await registry.get(CreateRequest).create(caller, asked);
          await registry.ground.clock.advance(OVER_MS);
          await registry.drive(caller.tenantId);
          await registry.drive(caller.tenantId, ['stops']);
        },
        verify: async ({ caller, asked }) => {
          const [request, ...others] = await requestsOf(caller);
          expect([request?.state, others]).toEqual(['COMPLETED', []]);
          const { requestId } = request!;
          await registry
            .get(GetCertificate)
            .get(caller, requestId)
            .then(async (certificate) => {
              const { claims } = verifyCertificate(certificate, await registry.get(TransparencyLog).vkey());
              expect(claims).toMatchObject({ request: requestId, subject: asked.subjectId });
            });
          // Nobody is silenced by a request that was never kept.
          const stopped = [...registry.ground.contacts.stopped];
          expect(stopped).toEqual(asked.right === Right.RIGHT_ERASURE ? [requestId] : []);
          registry.ground.contacts.stopped.clear();
          if (asked.right === Right.RIGHT_ACCESS) await expectOnePackage(caller, requestId);
        },
      });
      // What a process had written when it died, and had not noted, is written once more: the very same words.
      const leaves = 'select data from log_leaf group by data having count(*) > 2';
      expect(await registry.sql(leaves)).toEqual([]);
      expect(steps).toContain(does);
      expect(steps.filter((step) => step === 'commit').length).toBeGreaterThan(10);
      expect(await brokenPromisesOf(['I3', 'I5', 'I6', 'I8'], registry.ground.database)).toEqual([]);
    },
    240_000,
  );

  const requestsOf = ({ tenantId }: Caller) =>
    registry.sql<Kept>(
      'select request_id as "requestId", state from request where tenant_id = $1 order by request_id',
      [tenantId],
    );

  /** A request is not ended before the receipt of each of its orders counts. */
  async function expectNothingFalse({ tenantId }: Caller): Promise<void> {
    const unproved = await registry.sql(
      `select 1 from request q where q.tenant_id = $1 and q.closed_at is not null and exists (
         select 1 from subject_order o where o.tenant_id = $1 and o.request_id = q.request_id and not exists (
           select 1 from batch_receipt r
           where r.tenant_id = $1 and r.batch_id = o.batch_id and r.verified_at is not null))`,
      [tenantId],
    );
    expect(unproved).toEqual([]);
  }

  /** Each of its files once and whole, and nothing of it where it came from. */
  async function expectOnePackage(caller: Caller, requestId: string): Promise<void> {
    const files = new Map<string, string>();
    for await (const { name, chunk } of registry.get(StreamPackage).stream(caller, requestId))
      files.set(name, (files.get(name) ?? '') + chunk.toString());
    expect([...files.keys()]).toEqual(['data.json', 'data.html']);
    expect(JSON.parse(files.get('data.json')!)).toMatchObject({
      sections: [{ service: 'contacts', rows: [{ email: 'ada@example.org' }] }],
    });
    const [order] = await registry.sql<{ id: string }>(
      'select order_id as id from subject_order where request_id = $1',
      [requestId],
    );
    expect(registry.ground.contacts.isDestroyed(order!.id)).toBe(true);
  }
});
