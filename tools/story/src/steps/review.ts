import { datarightsV1, privacyV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { type Cast, type Stage } from '../stage.js';
import { askWhetherToWrite } from './may-write.js';
import { untilAll } from './until-all.js';

export interface ReviewFigures {
  /** What stands in the way of writing to them while the request waits. */
  denied: string;
}

/** Somebody asks in another's name, and nobody knows whose. The person is left in peace at once, and loses nothing. */
export async function askInAnothersName(
  { expect }: Stage,
  { officer, agent }: Cast,
  contactId: string,
): Promise<ReviewFigures> {
  const { request } = await officer.requests.createRequest(
    privacyV1.CreateRequestRequest.fromPartial({
      ...{ requestId: newId(), right: privacyV1.Right.RIGHT_ERASURE, subjectId: contactId },
      ...{ subjectKind: datarightsV1.SubjectKind.SUBJECT_KIND_CONTACT, verification: 'none' },
    }),
  );
  const { requestId, state } = request!;
  expect.equal('review: the request waits', state, privacyV1.RequestState.REQUEST_STATE_REVIEW);
  const { allowed, reason } = await askWhetherToWrite(agent, contactId);
  expect.that(!allowed, 'review: writing is allowed while the request waits');
  const refused = await officer.requests.refuseRequest({ requestId, ground: 'identity_not_proved' });
  expect.equal('review: state', refused.request?.state, privacyV1.RequestState.REQUEST_STATE_REFUSED);
  const again = await untilAll(async () => Number((await askWhetherToWrite(agent, contactId)).allowed), 1);
  expect.equal('review: writing is allowed once it was refused', again, 1);
  return { denied: reason };
}
