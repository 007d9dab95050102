import { describe, expect, it } from '@jest/globals';
import { datarightsV1 } from '@heed/contracts';
import { collectCorrection } from './requests-correct.js';

const { PersonField } = datarightsV1;

describe('what a person wants corrected, on the command line', () => {
  it('is a field and a value each time, and an empty value takes away', () => {
    const all = collectCorrection('country=', collectCorrection('first_name=Ana = Maria'));
    expect(all.map(({ field, value }) => [field, value])).toEqual([
      [PersonField.PERSON_FIELD_FIRST_NAME, 'Ana = Maria'],
      [PersonField.PERSON_FIELD_COUNTRY, ''],
    ]);
  });

  it('names the endpoint that an address takes the place of', () => {
    const endpointId = '0199aaaa-0000-7000-8000-000000000001';
    expect(collectCorrection(`email@${endpointId}=ana@example.org`)).toEqual([
      { field: PersonField.PERSON_FIELD_EMAIL, value: 'ana@example.org', endpointId, previous: '' },
    ]);
    expect(() => collectCorrection(`country@${endpointId}=GB`)).toThrow('belongs to email or phone');
  });

  it.each(['shoe_size=44', 'email', '=x', 'email@nobody=x@example.org'])('is not %s', (text) => {
    expect(() => collectCorrection(text)).toThrow('FIELD=VALUE');
  });
});
