import { datarightsV1, privacyV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { type Cast, type Stage } from '../stage.js';
import { certified } from './certified.js';
import { askWhetherToWrite } from './may-write.js';

export interface HoldFigures {
  /** What stands in the way of writing to them while their erasure waits. */
  denied: string;
  /** From the release to the certificate. */
  erasedMs: number;
}

/** A matter at law keeps what is held of somebody. Their erasure waits, in silence, and goes on by itself afterwards. */
export async function holdAndRelease(
  stage: Stage,
  { officer, agent }: Cast,
  contactId: string,
): Promise<HoldFigures> {
  const { expect } = stage;
  const { hold } = await officer.holds.placeHold({
    ...{ requestId: newId(), subjectId: contactId, until: '', withoutTelling: false },
    subjectKind: datarightsV1.SubjectKind.SUBJECT_KIND_CONTACT,
    ...{ ground: 'legal_claims', matter: 'CLAIM-2026-17' },
  });
  let denied = '';
  const { said, ms } = await certified(
    stage,
    officer,
    'held-erasure',
    { right: privacyV1.Right.RIGHT_ERASURE, subjectId: contactId },
    async ({ state }) => {
      expect.equal('hold: the erasure waits', state, privacyV1.RequestState.REQUEST_STATE_HELD);
      const writing = await askWhetherToWrite(agent, contactId);
      expect.that(!writing.allowed, 'hold: writing is allowed while the erasure waits');
      denied = writing.reason;
      await officer.holds.releaseHold({ holdId: hold!.holdId });
    },
  );
  expect.that(said('ERASED') > 0, 'hold: nothing was erased after its release');
  return { denied, erasedMs: ms };
}
