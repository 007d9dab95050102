import { datarightsV1 } from '@heed/contracts';
import { type CorrectedField } from '@heed/data-map';
import { invalidArgument } from '@heed/kernel';
import { type Order } from './order-batch.js';

/** One field of a person, and what it should say. */
export interface Correction {
  field: CorrectedField;
  /** Empty: what is held is taken away. */
  value: string;
  /** Of an address: the endpoint that it takes the place of; empty: of none. */
  endpointId: string;
  /** Of an address: what it takes the place of, where that is known. */
  previous: string;
}

/** An order for correction with its values; none where its person was erased since. */
export interface CorrectedOrder {
  order: Order;
  corrections: readonly Correction[];
}

/** Where the values of open corrections are asked for: privacy. */
export interface AskCorrections {
  ofHandle(tenantId: string, handle: string): Promise<Correction[]>;
}

const { PersonField } = datarightsV1;

const FIELDS: Record<CorrectedField, datarightsV1.PersonField> = {
  first_name: PersonField.PERSON_FIELD_FIRST_NAME,
  last_name: PersonField.PERSON_FIELD_LAST_NAME,
  name: PersonField.PERSON_FIELD_NAME,
  country: PersonField.PERSON_FIELD_COUNTRY,
  email: PersonField.PERSON_FIELD_EMAIL,
  phone: PersonField.PERSON_FIELD_PHONE,
};

export function correctionToWire({ field, ...rest }: Correction): datarightsV1.Correction {
  return { field: FIELDS[field], ...rest };
}

export function correctionFromWire({ field: wire, ...rest }: datarightsV1.Correction): Correction {
  const field = (Object.keys(FIELDS) as CorrectedField[]).find((name) => FIELDS[name] === wire);
  if (!field) throw invalidArgument({ field: 'corrections', reason: 'FIELD_REQUIRED' });
  return { field, ...rest };
}
