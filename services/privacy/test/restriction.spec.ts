import { Controller, Module } from '@nestjs/common';
import { GrpcMethod, Payload } from '@nestjs/microservices';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { datarightsV1, messagingV1, privacyV1, typesV1 } from '@heed/contracts';
import { DomainError, newId, systemClock } from '@heed/kernel';
import { defineService } from '@heed/service';
import { brokenPromisesOf } from '@heed/testing';
import { verifyCertificate } from '@heed/verifier';
import { watch } from './people/people.js';
import { Town } from './town.js';

const { RequestState: State, Right } = privacyV1;
const Outcome = datarightsV1.StoreOutcome;

/** How a mail of privacy ended, as its sender would say. */
const mails = { outcome: undefined as typesV1.Outcome | undefined, asked: new Set<string>() };

@Controller()
class Attempts {
  @GrpcMethod('MessagesService', 'GetAttempt')
  getAttempt(@Payload() { attemptId }: messagingV1.GetAttemptRequest): messagingV1.GetAttemptResponse {
    mails.asked.add(attemptId);
    if (mails.outcome === undefined) throw new DomainError('ATTEMPT_NOT_FOUND', 'not-found');
    const state = messagingV1.AttemptState.ATTEMPT_STATE_CONCLUDED;
    return {
      attempt: messagingV1.Attempt.fromPartial({ attemptId, state, outcome: mails.outcome }),
    };
  }
}

@Module({ controllers: [Attempts] })
class SenderModule {}

/** Stands for messaging, which sends what privacy tells people. */
const sender = defineService({
  ...{ name: 'messaging', module: SenderModule, http: false, entities: [] },
  grpc: [messagingV1.MessagesServiceService],
  migrations: new URL('./people/none/', import.meta.url),
});

describe('a restriction', () => {
  let town: Town;
  let ada: string;
  let restriction: privacyV1.Request;
  beforeAll(async () => {
    town = await Town.open(sender);
    ada = await town.person({ diary: true });
  });
  afterAll(() => town?.close());

  const ask = (right: privacyV1.Right, more: Partial<privacyV1.CreateRequestRequest> = {}) =>
    town.request({ right, subjectId: ada, objects: false, ...more });
  const ended = async ({ requestId }: privacyV1.Request) => (await town.watched(requestId)).at(-1)!;
  const until = ({ requestId }: privacyV1.Request, state: privacyV1.RequestState) =>
    town.until(
      () => town.read(requestId),
      (request) => request.state === state,
    );
  const markOf = async (service: 'contacts' | 'privacy') =>
    (
      await town.sql<{ restricted_by: string | null }>(
        ...[service, 'select restricted_by from heed.subject where subject_id = $1', [ada]],
      )
    )[0]?.restricted_by;
  const lifts = () =>
    town.sql('privacy', `select 1 from subject_order where action = 'LIFT' and subject_id = $1`, [ada]);

  it('cannot be lifted where there is none', async () => {
    await expect(ask(Right.RIGHT_LIFT, { informed: 'letter' })).rejects.toMatchObject({
      reason: 'NOT_RESTRICTED',
    });
  });

  it('stops permits first, marks the person in every service, and is certified store by store', async () => {
    restriction = await ask(Right.RIGHT_RESTRICTION);
    expect(watch.restricted).toContain(ada);
    expect((await ended(restriction)).state).toBe(State.REQUEST_STATE_COMPLETED);
    expect([await markOf('contacts'), await markOf('privacy')]).toEqual([
      ...[restriction.requestId, restriction.requestId],
    ]);
    const { claims } = verifyCertificate(await town.certificate(restriction.requestId), await town.vkey());
    expect(claims).toMatchObject({ right: 'RESTRICTION', subject: ada });
    const said = new Map(claims.stores.map(({ store, outcome, count }) => [store, `${outcome} ${count}`]));
    expect(said.get('contacts.person')).toBe('RESTRICTED 1');
    expect(said.get('contacts.subject-keys')).toBe('RESTRICTED 1');
    expect(said.get('privacy.request-record')).toBe('RETAINED 0');
    expect([...said.values()].some((words) => words.startsWith('ERASED'))).toBe(false);
  });

  it('ends by no order before the person was told: who lifts it says where, or how', async () => {
    await expect(ask(Right.RIGHT_LIFT)).rejects.toMatchObject({ reason: 'INVALID_ARGUMENT' });
    expect(await lifts()).toEqual([]);
  });

  it('stays where the mail that tells them does not leave, until somebody says how they were told', async () => {
    mails.outcome = undefined;
    const lift = await ask(Right.RIGHT_LIFT, { replyTo: 'ada@example.org' });
    expect(lift.state).toBe(State.REQUEST_STATE_INFORMING);
    while (mails.asked.size === 0) await systemClock.wait(20);
    await expect(ask(Right.RIGHT_RESTRICTION)).rejects.toMatchObject({ reason: 'LIFT_UNDER_WAY' });
    mails.outcome = typesV1.Outcome.OUTCOME_FAILED;
    await until(lift, State.REQUEST_STATE_NEEDS_ATTENTION);
    expect(await lifts()).toEqual([]);
    expect(await markOf('contacts')).toBe(restriction.requestId);

    const note = { requestId: lift.requestId, informed: 'letter' };
    const officer = await town.officer();
    await officer.noteInformed(note);
    expect((await ended(lift)).informed).toBe('letter');
    expect(await markOf('contacts')).toBeNull();
    // Said again it changes nothing; of another request there is nothing to say.
    await officer.noteInformed(note);
    await expect(officer.noteInformed({ ...note, requestId: restriction.requestId })).rejects.toMatchObject({
      reason: 'NOTHING_TO_TELL',
    });
    const { claims } = verifyCertificate(await town.certificate(lift.requestId), await town.vkey());
    expect(claims).toMatchObject({ right: 'LIFT', informed: 'letter' });
    expect(claims.stores).toContainEqual(
      expect.objectContaining({ store: 'contacts.person', outcome: 'LIFTED', count: 1 }),
    );
  });

  it('ends once the mail that tells them has left, whoever is killed meanwhile', async () => {
    mails.outcome = undefined;
    await ended(await ask(Right.RIGHT_RESTRICTION));
    const lift = await ask(Right.RIGHT_LIFT, { replyTo: 'ada@example.org' });
    await town.cluster.restart('privacy');
    expect(await lifts()).toHaveLength(1);
    mails.outcome = typesV1.Outcome.OUTCOME_SENT;
    expect(await ended(lift)).toMatchObject({ informed: 'mail', state: State.REQUEST_STATE_COMPLETED });
    expect(await markOf('contacts')).toBeNull();
  });

  it('and an erasure of the same person: what is being erased is not restricted, what is restricted is erased', async () => {
    await ended(await ask(Right.RIGHT_RESTRICTION));
    const erasure = await town.whileLocked('contacts', 'heed.order_taken', async () => {
      const asked = await ask(Right.RIGHT_ERASURE);
      await expect(ask(Right.RIGHT_RESTRICTION)).rejects.toMatchObject({ reason: 'ERASURE_UNDER_WAY' });
      return asked;
    });
    const last = await ended(erasure);
    expect(last.stores).toContainEqual(
      expect.objectContaining({ store: 'contacts.person', outcome: Outcome.STORE_OUTCOME_ERASED }),
    );
    await expect(ask(Right.RIGHT_LIFT, { informed: 'letter' })).rejects.toMatchObject({
      reason: 'NOT_RESTRICTED',
    });
  });

  it('of another tenant’s request says nothing, and none of it breaks a promise', async () => {
    const stranger = await town.officer(newId());
    await expect(
      stranger.noteInformed({ requestId: restriction.requestId, informed: 'letter' }),
    ).rejects.toMatchObject({ reason: 'REQUEST_NOT_FOUND' });
    for (const service of ['privacy', 'contacts'] as const) {
      expect(await brokenPromisesOf(['I6'], town.cluster.database(service))).toEqual([]);
    }
  });
});
