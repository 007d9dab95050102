import { privacyV1 } from '@heed/contracts';
import { type Person } from '../example/example-contacts.js';
import { type Cast, type Stage } from '../stage.js';
import { findContact } from './call.js';
import { certified } from './certified.js';
import { askWhetherToWrite, type MayWrite } from './may-write.js';

export interface RestrictionFigures {
  /** Stores that keep the person's rows and change nothing. */
  restricted: number;
  restrictedMs: number;
  /** What stands in the way of writing to them meanwhile. */
  denied: string;
  liftedMs: number;
}

/**
 * A person has their data restricted (GDPR Art. 18): nobody may write to them, nothing is lost. It ends after they were
 * told, here on the telephone, and writing is allowed again. Both have certificates that verify.
 */
export async function restrictAndLift(
  stage: Stage,
  { officer, agent }: Cast,
  person: Person,
): Promise<RestrictionFigures> {
  const { expect } = stage;
  const contactId = await findContact(agent, person.email);
  const mayWrite = (): Promise<MayWrite> => askWhetherToWrite(agent, contactId);
  const worked = (name: string, right: privacyV1.Right, informed = '') =>
    certified(stage, officer, name, { right, subjectId: contactId, informed });

  expect.that((await mayWrite()).allowed, 'restriction: writing was not allowed before');
  const restricted = await worked('restriction', privacyV1.Right.RIGHT_RESTRICTION);
  const meanwhile = await mayWrite();
  expect.that(!meanwhile.allowed, 'restriction: writing is allowed in spite of it');
  const lifted = await worked('lift', privacyV1.Right.RIGHT_LIFT, 'phone_call');
  expect.that((await mayWrite()).allowed, 'restriction: writing is not allowed after its end');
  return {
    restricted: restricted.said('RESTRICTED'),
    ...{ restrictedMs: restricted.ms, denied: meanwhile.reason, liftedMs: lifted.ms },
  };
}
