import { newId } from '@heed/kernel';
import { type Person, PURPOSE } from '../example/example-contacts.js';
import { type Cast, type Stage } from '../stage.js';
import { templateFor } from './campaigns.js';
import { type Mailbox, scan } from './mailbox.js';
import { askWhetherToWrite } from './may-write.js';

export interface ComingBackFigures {
  /** From the form that was sent to the consent that was confirmed. */
  ms: number;
}

const CONFIRM_LINK = /https?:\/\/\S+\/s\/\S+/;

/**
 * Whoever was erased signs up by themselves: by a form, and by the link of the mail that asks whether it was them. They are
 * somebody new. Nothing before the last click makes them a contact, or anybody write to them.
 */
export async function signUpAgain(
  { expect, databases }: Stage,
  { manager, agent, tenantId }: Cast,
  mailbox: Mailbox,
  { listId, person, erasedId }: { listId: string; person: Person; erasedId: string },
): Promise<ComingBackFigures> {
  const { signUpForm } = await manager.signUpForms.createSignUpForm({
    ...{ requestId: newId(), name: 'Spring letter', listId, purposes: [PURPOSE], sender: '' },
    templateId: await templateFor(manager, { name: 'Sign-ups', subject: 'Hello', text: 'Hello.' }),
    wording: 'Yes, I want to hear the news of Acme by email.',
    ...{ allowedOrigins: [], language: 'en' },
  });
  const contacts = () =>
    databases.rows<{ id: string }>(
      'contacts',
      'select contact_id as id from endpoint where tenant_id = $1 and address = $2',
      [tenantId, person.email],
    );

  const begun = performance.now();
  await post(signUpForm!.url, {
    ...{ email: person.email, first_name: person.firstName, last_name: person.lastName },
    wording_version: String(signUpForm!.wordingVersion),
  });
  const link = await mailbox.linkTo(person.email, CONFIRM_LINK);
  await scan(link);
  expect.equal('comes back: contacts before the button was pressed', (await contacts()).length, 0);
  await post(link, {});
  const ms = Math.round(performance.now() - begun);

  const [now] = await contacts();
  expect.that(now !== undefined && now.id !== erasedId, 'comes back: not as somebody new');
  const writing = await askWhetherToWrite(agent, now?.id ?? erasedId);
  expect.that(writing.allowed, `comes back: writing is denied to who has agreed (${writing.reason})`);
  const before = await askWhetherToWrite(agent, erasedId);
  expect.equal('comes back: writing to who was erased', before.reason, 'unknown_contact');
  return { ms };
}

async function post(url: string, form: Record<string, string>): Promise<void> {
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams(form) });
  if (!response.ok) throw new Error(`a page of sign-ups answered ${response.status}`);
}
