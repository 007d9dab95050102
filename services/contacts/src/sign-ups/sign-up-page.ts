import { escaped, page } from '@heed/http';
import { type SignUpForm } from './sign-up-form.js';
import { SIGN_UP_WORDS } from './sign-up-words.js';

/** The form itself, for tenants that have no page of their own. */
export function formPageOf({ name, wording, wordingVersion, language, isOpen }: SignUpForm): string {
  const words = SIGN_UP_WORDS[language];
  if (!isOpen) return page(name, `<p>${words.closed}</p>`, language);
  const field = (of: string, type: string, label: string, more: string): string =>
    `<label>${label}<input type="${type}" name="${of}" ${more}></label>`;
  return page(
    name,
    `<form method="post">
${field('email', 'email', words.email, 'required maxlength="254" autocomplete="email"')}
${field('first_name', 'text', words.firstName, 'maxlength="100" autocomplete="given-name"')}
${field('last_name', 'text', words.lastName, 'maxlength="100" autocomplete="family-name"')}
<input type="hidden" name="wording_version" value="${wordingVersion}">
<p>${escaped(wording).replaceAll('\n', '<br>')}</p>
<button>${words.send}</button>
</form>`,
    language,
  );
}

/** The answer to whatever address was typed: it tells nothing of the address. */
export function lookPage({ language }: Pick<SignUpForm, 'language'>): string {
  const { lookTitle, look } = SIGN_UP_WORDS[language];
  return page(lookTitle, `<p>${look}</p>`, language);
}

/** Opening it changes nothing: scanners of mail open every link. */
export function confirmPage({ name, wording, language }: SignUpForm): string {
  const { confirmTitle, confirm } = SIGN_UP_WORDS[language];
  return page(
    confirmTitle,
    `<p><strong>${escaped(name)}</strong></p>
<p>${escaped(wording).replaceAll('\n', '<br>')}</p>
<form method="post"><button>${confirm}</button></form>`,
    language,
  );
}

export function signedUpPage({ language }: Pick<SignUpForm, 'language'>): string {
  const { doneTitle, done } = SIGN_UP_WORDS[language];
  return page(doneTitle, `<p>${done}</p>`, language);
}
