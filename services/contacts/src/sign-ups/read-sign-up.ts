import { invalidArgument, type FieldViolation } from '@heed/kernel';
import { readEmail } from '../contacts/address.js';
import { refusal } from '../errors.js';
import { type SignUpForm } from './sign-up-form.js';
import { type Received, type Typed } from './sign-up.js';

const LONGEST_NAME = 100;
/** No name: it would be a link in what is written to whoever has the address. */
const LINK = /:\/\/|www\./i;

/** What was typed into a form, as a browser sends it. */
export function readSignUp(
  body: string,
  { wording, wordingVersion }: SignUpForm,
  from: Pick<Typed, 'network' | 'userAgent' | 'origin'>,
): Received {
  const typed = new URLSearchParams(body);
  const violations: FieldViolation[] = [];
  const address = readEmail(typed.get('email') ?? '');
  if (!address) violations.push({ field: 'email', reason: 'NOT_AN_ADDRESS' });
  const name = (field: string): string => {
    const text = (typed.get(field) ?? '').normalize('NFC').trim();
    if (text.length > LONGEST_NAME || /\p{Cc}/u.test(text) || LINK.test(text))
      violations.push({ field, reason: 'NOT_A_NAME' });
    return text;
  };
  const names = { firstName: name('first_name'), lastName: name('last_name') };
  if (!address || violations.length > 0) throw invalidArgument(...violations);
  // A consent is to the words that were seen.
  if (typed.get('wording_version') !== String(wordingVersion)) throw refusal('SIGN_UP_WORDING_CHANGED');
  return { address, typed: { ...names, ...from, wording }, wordingVersion };
}
