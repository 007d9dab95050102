import { InvalidArgumentError } from 'commander';
import { datarightsV1 } from '@heed/contracts';

const { PersonField } = datarightsV1;

const FIELDS: Record<string, datarightsV1.PersonField> = {
  first_name: PersonField.PERSON_FIELD_FIRST_NAME,
  last_name: PersonField.PERSON_FIELD_LAST_NAME,
  country: PersonField.PERSON_FIELD_COUNTRY,
  email: PersonField.PERSON_FIELD_EMAIL,
  phone: PersonField.PERSON_FIELD_PHONE,
};

/** `first_name=Ana`, `country=` (nothing any more), `email@<endpoint id>=ana@example.org`; given several times. */
export function collectCorrection(
  text: string,
  before: datarightsV1.Correction[] = [],
): datarightsV1.Correction[] {
  const [, name = '', endpointId = '', value = ''] =
    /^([a-z_]+)(?:@([0-9a-f-]{36}))?=(.*)$/s.exec(text) ?? [];
  const field = FIELDS[name];
  if (field === undefined)
    throw new InvalidArgumentError(
      `say FIELD=VALUE, where FIELD is one of ${Object.keys(FIELDS).join(', ')}.`,
    );
  if (endpointId !== '' && name !== 'email' && name !== 'phone')
    throw new InvalidArgumentError('an endpoint belongs to email or phone.');
  return [...before, { field, value, endpointId, previous: '' }];
}
