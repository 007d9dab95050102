import { type DataCategory } from './vocabulary.js';

/** What can be corrected about a person, and the category of the columns that hold it. */
export const CORRECTED_CATEGORIES = {
  first_name: 'user.name.first',
  last_name: 'user.name.last',
  name: 'user.name',
  country: 'user.contact.address.country',
  email: 'user.contact.email',
  phone: 'user.contact.phone_number',
} as const satisfies Record<string, DataCategory>;

export type CorrectedField = keyof typeof CORRECTED_CATEGORIES;

/** Rows that say rightly what was so at their time: a message that was sent, a consent that was given. */
export interface AsItWas {
  /** Named as the certificate will name it. */
  ground: string;
}

/**
 * What becomes of a row when something that it says of its person is corrected. `correct`: its columns of the category
 * take the new value. `special`: the service does it by code of its own (a row that is replaced). Or it stays as it was.
 */
export type OnCorrection = 'correct' | 'special' | AsItWas;

export function asItWas(ground: string): AsItWas {
  return { ground };
}

export function fieldOfCategory(category: string): CorrectedField | undefined {
  return (Object.keys(CORRECTED_CATEGORIES) as CorrectedField[]).find(
    (field) => CORRECTED_CATEGORIES[field] === category,
  );
}
