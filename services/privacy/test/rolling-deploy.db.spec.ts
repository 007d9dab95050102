import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { privacyV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { addSubjects } from '@heed/postgres';
import { brokenPromisesOf } from '@heed/testing';
import { verifyCertificate } from '@heed/verifier';
import { GetCertificate } from '../src/certificates/get-certificate.js';
import { TransparencyLog } from '../src/log/transparency-log.js';
import { Manifests } from '../src/manifests/manifests.js';
import { PlaceHold } from '../src/holds/place-hold.js';
import { ReleaseHold } from '../src/holds/release-hold.js';
import { CreateRequest } from '../src/requests/create-request.js';
import { Registry } from './registry.js';

/** And a second that an order may wait for company. */
const SOON_MS = 15_000;

describe('a service that is deployed replica by replica', () => {
  let registry: Registry;
  beforeEach(async () => {
    registry = await Registry.open();
    const { contacts } = registry.ground;
    await registry.get(Manifests).renewed('contacts');
    contacts.manifest = contacts.next;
    await registry.get(Manifests).renewed('contacts');
  });
  afterEach(() => registry.close());

  it.each([
    ['the erasure', ['ERASE', 'ERASE', 'ERASE', 'PROBE']],
    ['the search', ['ERASE', 'PROBE', 'ERASE', 'PROBE', 'ERASE', 'PROBE']],
  ])(
    '6.5 that answers %s by less than it declares is asked anew, later each time, until it answers by all of it',
    async (what, ordered) => {
      const { contacts, clock } = registry.ground;
      const [old, full] = [contacts.worksBy, contacts.next];
      const answersBy = (action: string) => ((what === 'the erasure') === (action === 'ERASE') ? old : full);
      const caller = registry.caller(newId());
      const subjectId = newId();
      await registry.work.run(caller.tenantId, (tx) => addSubjects(tx, [subjectId]));
      const asked = registry.asking({ subjectId, right: privacyV1.Right.RIGHT_ERASURE });
      const { requestId } = (await registry.get(CreateRequest).create(caller, asked)).request!;
      const actions = async () =>
        (
          await registry.sql<{ action: string }>(
            'select action from issued_batch where tenant_id = $1 order by issued_at, batch_id',
            [caller.tenantId],
          )
        ).map(({ action }) => action);
      const drive = () => registry.drive(caller.tenantId);
      const stateOf = async () =>
        (
          await registry.sql<{ state: string }>('select state from request where request_id = $1', [
            requestId,
          ])
        )[0]?.state;

      contacts.worksByAction = answersBy;
      await drive();
      const first = await actions();
      expect([await stateOf(), first]).toEqual([
        'FANNED_OUT',
        ordered.slice(0, what === 'the erasure' ? 1 : 2),
      ]);
      // Not before its time, and once more by the old replica.
      await clock.advance(SOON_MS - 1_000);
      await drive();
      expect(await actions()).toEqual(first);
      await clock.advance(2_000);
      await drive();
      expect([await stateOf(), await actions()]).toEqual(['FANNED_OUT', ordered.slice(0, first.length * 2)]);

      contacts.worksByAction = () => full;
      await clock.advance(2 * SOON_MS + 1_000);
      await drive();
      expect([await stateOf(), await actions()]).toEqual(['COMPLETED', ordered]);
      const certificate = await registry.get(GetCertificate).get(caller, requestId);
      const { claims } = verifyCertificate(certificate, await registry.get(TransparencyLog).vkey());
      expect(claims.stores.map(({ store, outcome }) => `${store} ${outcome}`)).toContain(
        'contacts.diary ERASED',
      );
      expect(await brokenPromisesOf(['I5', 'I6'], registry.ground.database)).toEqual([]);
    },
  );

  it('6.9 is not told anew of somebody who is held meanwhile, and is once they are released', async () => {
    const { contacts, clock } = registry.ground;
    const caller = registry.caller(newId());
    const subjectId = newId();
    await registry.work.run(caller.tenantId, (tx) => addSubjects(tx, [subjectId]));
    const old = contacts.worksBy;
    contacts.worksByAction = () => old;
    const asked = registry.asking({ subjectId, right: privacyV1.Right.RIGHT_ERASURE });
    await registry.get(CreateRequest).create(caller, asked);
    const drive = () => registry.drive(caller.tenantId);
    const stands = () =>
      registry.sql<{ state: string; erasures: string }>(
        `select state, (select count(*) from issued_batch where tenant_id = $1 and action = 'ERASE') as erasures
         from request where tenant_id = $1`,
        [caller.tenantId],
      );
    await drive();
    expect(await stands()).toEqual([{ state: 'FANNED_OUT', erasures: '1' }]);

    const { hold } = await registry.get(PlaceHold).place(
      caller,
      privacyV1.PlaceHoldRequest.fromPartial({
        ...{ requestId: newId(), subjectId, ground: 'legal_claims', matter: '2026/20' },
      }),
    );
    contacts.worksByAction = () => contacts.next;
    await clock.advance(SOON_MS + 2_000);
    await drive();
    expect(await stands()).toEqual([{ state: 'HELD', erasures: '1' }]);

    await registry.get(ReleaseHold).release(caller, { holdId: hold!.holdId });
    await clock.advance(2_000);
    await drive();
    expect(await stands()).toEqual([{ state: 'COMPLETED', erasures: '2' }]);
  });
});
