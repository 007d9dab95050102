import { isReserved, type contactsV1 } from '@heed/contracts';
import { invalidArgument, type FieldViolation } from '@heed/kernel';
import { TRACKING } from '../consent/consent.js';
import { readEmail } from '../contacts/address.js';
import { isLanguage, type Language } from './languages.js';

/** A form by which people put themselves on a list. */
export interface SignUpForm {
  signUpFormId: string;
  name: string;
  listId: string;
  purposes: string[];
  /** In small letters; empty: every sender. */
  sender: string;
  templateId: string;
  wording: string;
  wordingVersion: number;
  allowedOrigins: string[];
  language: Language;
  isOpen: boolean;
  createdAt: Date;
}

const FIRST_VERSION = 1;

/** What the contract's field rules cannot say. */
export function formIn(
  request: contactsV1.CreateSignUpFormRequest,
  { signUpFormId, createdAt }: Pick<SignUpForm, 'signUpFormId' | 'createdAt'>,
): SignUpForm {
  const { listId, templateId, language } = request;
  const violations: FieldViolation[] = [];
  const name = request.name.normalize('NFC').trim();
  if (name === '' || /\p{Cc}/u.test(name)) violations.push({ field: 'name', reason: 'NOT_A_NAME' });
  const purposes = [...new Set(request.purposes)];
  request.purposes.forEach((purpose, index) => {
    if (isReserved(purpose) || purpose === TRACKING)
      violations.push({ field: `purposes[${index}]`, reason: 'PURPOSE_RESERVED' });
  });
  const sender = request.sender === '' ? '' : readEmail(request.sender)?.canonical;
  if (sender === undefined) violations.push({ field: 'sender', reason: 'NOT_AN_ADDRESS' });
  const wording = readWording(request.wording, violations);
  const allowedOrigins = readOrigins(request.allowedOrigins, violations);
  if (violations.length > 0) throw invalidArgument(...violations);
  return {
    ...{ signUpFormId, name, listId, purposes, sender: sender ?? '', templateId, wording, allowedOrigins },
    ...{ wordingVersion: FIRST_VERSION, language: isLanguage(language) ? language : 'en' },
    ...{ isOpen: true, createdAt },
  };
}

/** The form as the request would have it. */
export function changedForm(form: SignUpForm, request: contactsV1.UpdateSignUpFormRequest): SignUpForm {
  const violations: FieldViolation[] = [];
  const named = (field: string): boolean => request.updateMask.includes(field);
  const wording = named('wording') ? readWording(request.wording, violations) : form.wording;
  const allowedOrigins = named('allowed_origins')
    ? readOrigins(request.allowedOrigins, violations)
    : form.allowedOrigins;
  if (violations.length > 0) throw invalidArgument(...violations);
  return {
    ...{ ...form, wording, allowedOrigins },
    wordingVersion: form.wordingVersion + (wording === form.wording ? 0 : 1),
    isOpen: named('is_open') ? request.isOpen : form.isOpen,
  };
}

function readWording(text: string, violations: FieldViolation[]): string {
  const wording = text.normalize('NFC').replaceAll('\r\n', '\n').trim();
  if (wording === '') violations.push({ field: 'wording', reason: 'REQUIRED' });
  return wording;
}

/** SPEC: RFC 6454, 6.2: scheme, host and port, and nothing after them. */
function readOrigins(texts: readonly string[], violations: FieldViolation[]): string[] {
  return texts.map((text, index) => {
    const url = URL.parse(text);
    const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:';
    if (!url || !isWeb || url.origin !== text)
      violations.push({ field: `allowed_origins[${index}]`, reason: 'NOT_AN_ORIGIN' });
    return text;
  });
}
