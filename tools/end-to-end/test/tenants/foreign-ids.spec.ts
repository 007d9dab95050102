import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { status as Status } from '@grpc/grpc-js';
import { SERVICES } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { SixServices } from '../world/six-services.js';
import { besideOf, scrubbed, tracesOf } from './answers.js';
import { fieldsOf, NOTHING_TO_NAME, routesOf, send, valuesFor } from './http-routes.js';
import { type IdField, idFields } from './id-fields.js';
import { type RawAnswer, RawCalls } from './raw-call.js';
import { restingRowsOfTenant } from './rows-of-tenant.js';
import { sampleRequest } from './sample-request.js';
import { makeThings, stayOpen, THINGS, type Things } from './things.js';

const fields = idFields(THINGS);
/** Reads before writes, and permits before anybody is stopped: what is tried must still be there. */
const ORDER = ['safe', 'none', 'request_id', 'absorbing'];
const inOrder = fields
  .filter(({ takes }) => takes !== undefined)
  .sort((a, b) => ORDER.indexOf(a.rule.idempotency) - ORDER.indexOf(b.rule.idempotency));

/** Codes by which a request is refused before its ids are looked at, or by accident: such an answer proves nothing. */
const NOT_LOOKED_AT = [
  ...[Status.INVALID_ARGUMENT, Status.UNAUTHENTICATED, Status.PERMISSION_DENIED, Status.UNIMPLEMENTED],
  ...[Status.INTERNAL, Status.UNKNOWN, Status.UNAVAILABLE, Status.DEADLINE_EXCEEDED, Status.CANCELLED],
];

/** Where even an id of our own changes nothing in the answer, and why. */
const SAME_FOR_ALL: Record<string, string> = {
  'PermitsService/ReturnPermits permitIds': 'given back once, and only by the service that it was issued to',
  'MemberPermitsService/BatchIssuePermits asks.attemptId':
    'no contact is a member: whom it is for is looked at first',
  'MemberPermitsService/BatchIssuePermits asks.contactId': 'no contact is a member: nobody here is one',
  'RequesterPermitsService/BatchIssuePermits asks.attemptId':
    'no contact is a requester: whom it is for is looked at first',
  'RequesterPermitsService/BatchIssuePermits asks.contactId': 'no contact is a requester: nobody here is one',
  'SweepsService/StreamNeedles sweepId':
    'a sweep is of no tenant: whoever asks in the name of one finds none',
  ...Object.fromEntries(
    SERVICES.map((service) => [
      `${service} DataRightsService/RunSweep sweepId`,
      'a sweep is of no tenant: whoever asks in the name of one finds none',
    ]),
  ),
  'SignUpFormsService/CreateSignUpForm templateId': 'campaigns has it: it is looked up when a mail is sent',
  'PermitsService/LiftStops requestIds': 'the request that is known has stopped nobody',
  'RequestsService/CreateRequest corrections.endpointId':
    'an endpoint of somebody else is none of theirs, whoever has it',
  'RequestsService/GetCorrections handle': 'the open request is one for access: it corrects nothing',
  'HoldsService/ListHolds subjectId': 'nobody whom the tenants know is held',
  'HoldsService/PlaceHold subjectId': 'a hold is placed on an id, whoever it leads to',
  'AuditService/RecordAccess entries.entryId': 'answers nothing: what is known is taken once',
  'AuditService/RecordAccess entries.subjectId': 'answers nothing',
  'ConsentService/RecordOptOut heardFrom.endpointId': 'the answer is about the person, not the address',
  'identity DataRightsService/DestroyExport orderId': 'identity holds nothing about contacts',
  'telephony DataRightsService/DestroyExport orderId': 'nobody has called this contact',
};

let words = 0;
/** All of one length, so that no length tells them apart. */
const newToken = () => `w${String((words += 1)).padStart(11, '0')}`;

describe('I8 what another tenant has', () => {
  const six = new SixServices();
  let calls: RawCalls;
  let own: Things;
  let foreign: Things;
  /** What the other tenant was first to ask, under an id, with words of its own. */
  const firsts = new Map<IdField, { requestId: string; token: string }>();
  let before: Record<string, string>;

  beforeAll(async () => {
    await six.start();
    calls = new RawCalls(six);
    const [acme, globex] = await Promise.all([six.found('acme'), six.found('globex')]);
    own = await makeThings(six, acme);
    foreign = await makeThings(six, globex);
    for (const field of inOrder.filter(({ takes }) => takes === 'request_id')) {
      const first = { requestId: newId(), token: newToken() };
      await ask(field, foreign, first.requestId, first.token);
      firsts.set(field, first);
    }
    Object.assign(foreign, await stayOpen(six, foreign));
    Object.assign(own, await stayOpen(six, own));
    before = await restingRowsOfTenant(six, globex.tenantId);
  }, 240_000);
  afterAll(() => six.stop());

  it('is tried in every field of the contracts that takes an id', () => {
    const unknown = fields
      .filter(({ takes }) => takes === undefined)
      .map(
        ({ rpc, path }) =>
          `${rpc} ${path.join('.')}: make a real thing of this kind in things.ts, or name it in SAME_THING`,
      );
    expect(unknown).toEqual([]);
    expect(new Set(inOrder.map(({ service }) => service))).toEqual(new Set(SERVICES));
  });

  it.each(inOrder.map((field) => [nameOf(field), field] as const))('is nobody’s in %s', async (_, field) => {
    const { takes } = field;
    // Of a write that the other tenant has made: what it was answered must not be answered again.
    const first = firsts.get(field);
    const real = first?.requestId ?? foreign[takes as 'listId'];
    const ours = first ? newId() : own[takes as 'listId'];
    const nobodys = besideOf(real);
    const token = first?.token ?? newToken();
    const another = newToken();

    const control = await ask(field, own, ours, newToken());
    const theirs = await ask(field, own, real, token);
    const random = await ask(field, own, nobodys, another);
    expect(NOT_LOOKED_AT.map((code) => Status[code])).not.toContain(Status[control.code]);
    expect(scrubbed(theirs.text, real, token)).toBe(scrubbed(random.text, nobodys, another));
    expect(tracesOf(foreign, theirs.text, real)).toEqual([]);
    if (!first && !(placeOf(field) in SAME_FOR_ALL)) {
      expect(scrubbed(control.text, ours, '-')).not.toBe(scrubbed(random.text, nobodys, another));
    }
  });

  it('is nobody’s in every route of HTTP', async () => {
    const routes = routesOf(six).filter(({ route }) => !(route in NOTHING_TO_NAME));
    const tried = routes.flatMap(({ service, route }) =>
      fieldsOf(route, own).map((field) => ({
        service,
        route,
        field,
        values: valuesFor(field, own, foreign),
      })),
    );
    const notTried = [
      ...routes
        .filter(({ route }) => !tried.some((field) => field.route === route))
        .map(({ route }) => `${route}: give it a body in BODIES, or say why not in NOTHING_TO_NAME`),
      ...tried
        .filter(({ values }) => values === undefined)
        .map(({ route, field }) => `${route} ${field}: make a real thing of this kind in things.ts`),
    ];
    expect(notTried).toEqual([]);
    expect(tried.length).toBeGreaterThan(5);
    for (const { values, ...place } of tried) {
      const { ours, theirs, nobodys } = values!;
      const foreignAnswer = await send(six, place, own, theirs);
      const random = await send(six, place, own, nobodys);
      const at = `${place.route} ${place.field}\n`;
      expect(at + scrubbed(foreignAnswer.text, theirs, '-')).toBe(at + scrubbed(random.text, nobodys, '-'));
      expect(tracesOf(foreign, foreignAnswer.text, theirs)).toEqual([]);
      // Last: it uses up what can be used once.
      const control = await send(six, place, own, ours);
      expect([place.route, control.status < 400]).toEqual([place.route, true]);
      expect(scrubbed(control.text, ours, '-')).not.toBe(scrubbed(random.text, nobodys, '-'));
    }
  });

  it('is left as it was by all that was tried', async () => {
    expect(Object.keys(before).length).toBeGreaterThan(80);
    expect(await restingRowsOfTenant(six, foreign.tenant.tenantId)).toEqual(before);
  });

  function ask(field: IdField, as: Things, given: string, token: string): Promise<RawAnswer> {
    const request = sampleRequest(field, {
      own: as,
      at: field.path,
      give: [given],
      token,
      requestId: newId(),
    });
    return calls.call(field, as.tenant, request);
  }
});

function placeOf({ rpc, service, path }: IdField): string {
  return `${rpc.includes('datarights') ? `${service} ` : ''}${rpc.split('.').at(-1)} ${path.join('.')}`;
}

function nameOf(field: IdField): string {
  return placeOf(field) + (field.caller === 'member' ? '' : ` by ${field.caller}`);
}
