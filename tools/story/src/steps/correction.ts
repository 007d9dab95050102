import { datarightsV1, privacyV1 } from '@heed/contracts';
import { type Person } from '../example/example-contacts.js';
import { type Cast, type Stage } from '../stage.js';
import { contactsAt, findContact } from './call.js';
import { certified } from './certified.js';

const { PersonField } = datarightsV1;

export interface CorrectionFigures {
  /** Stores that held a copy of what was corrected. */
  corrected: number;
  /** Stores whose rows rightly say what was so. */
  retained: number;
  ms: number;
  contactId: string;
}

/**
 * A person has their name and their address corrected (GDPR Art. 16): they are found under the new address and no longer
 * under the old one, and a certificate names every store that held a copy.
 */
export async function correct(
  stage: Stage,
  { officer, agent }: Cast,
  person: Person,
): Promise<CorrectionFigures> {
  const { expect } = stage;
  const contactId = await findContact(agent, person.email);
  const address = `corrected.${person.email}`;
  const field = (which: datarightsV1.PersonField, value: string): datarightsV1.Correction => ({
    ...{ field: which, value, endpointId: '', previous: '' },
  });
  const { said, ms } = await certified(stage, officer, 'correction', {
    ...{ right: privacyV1.Right.RIGHT_CORRECTION, subjectId: contactId },
    corrections: [
      field(PersonField.PERSON_FIELD_FIRST_NAME, 'Corrected'),
      field(PersonField.PERSON_FIELD_EMAIL, address),
    ],
  });
  expect.equal('correction: found under the new address', await findContact(agent, address), contactId);
  expect.equal('correction: found under the old', (await contactsAt(agent, person.email)).length, 0);
  return { corrected: said('CORRECTED'), retained: said('RETAINED'), ms, contactId };
}
