import { type Correction } from '@heed/data-rights';
import { invalidArgument } from '@heed/kernel';
import { refusal } from '../errors.js';
import { readEmail, readPhone, type Address, type Channel } from './address.js';
import { type Endpoint } from './contact.js';

const LONGEST_NAME = 200;

/** The channel whose addresses a field holds. */
export function channelOfField(field: Correction['field']): Channel | undefined {
  if (field === 'email') return 'email';
  return field === 'phone' ? 'voice' : undefined;
}

/** A value in the form in which it is kept. By the rules of new contacts. */
export function readCorrected(
  { field, value }: Correction,
  at: number,
  country: string | undefined,
): { value: string; address: Address | undefined } {
  const wrong = (reason: string) => invalidArgument({ field: `corrections[${at}].value`, reason });
  const text = value.trim();
  switch (field) {
    case 'name':
      throw invalidArgument({ field: `corrections[${at}].field`, reason: 'NOT_OF_CONTACTS' });
    case 'first_name':
    case 'last_name':
      if (/\p{Cc}/u.test(text) || text.length > LONGEST_NAME) throw wrong('NOT_A_NAME');
      return { value: text, address: undefined };
    case 'country':
      if (!/^([A-Z]{2})?$/.test(text)) throw wrong('NOT_A_COUNTRY');
      return { value: text, address: undefined };
    case 'email':
    case 'phone': {
      if (text === '') return { value: '', address: undefined };
      const address = field === 'email' ? readEmail(text) : readPhone(text, country);
      if (!address) throw wrong('NOT_AN_ADDRESS');
      return { value: address.address, address };
    }
  }
}

/** The endpoint that an address takes the place of: the one that is named, or the only one. */
export function endpointMeant(theirs: readonly Endpoint[], endpointId: string): Endpoint | undefined {
  if (endpointId === '') {
    if (theirs.length > 1) throw refusal('ENDPOINT_AMBIGUOUS');
    return theirs[0];
  }
  const named = theirs.find((endpoint) => endpoint.endpointId === endpointId);
  if (!named) throw refusal('ENDPOINT_NOT_FOUND');
  return named;
}

/** Of two values for one field nobody could tell which is meant. */
export function demandOneEach(corrections: readonly Correction[]): void {
  const keys = corrections.map(({ field, endpointId }) => `${field} ${endpointId}`);
  const twice = keys.findIndex((key, at) => keys.indexOf(key) !== at);
  if (twice >= 0) throw invalidArgument({ field: `corrections[${twice}].field`, reason: 'NAMED_TWICE' });
}
