import { contactsV1, SIGN_UP_CONFIRMATION, SignUpConfirmationDue } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { TestClock } from '@heed/testing';
import { readSignUp } from '../src/sign-ups/read-sign-up.js';
import { type SignUpForm } from '../src/sign-ups/sign-up-form.js';
import { formById } from '../src/sign-ups/sign-up-form.store.js';
import { outcomeOf, type ContactsFixture } from './contacts-fixture.js';

const FROM = { network: '192.0.2.0/24', userAgent: 'Browser/1.0', origin: '' };

/** What people do with a form, and with the mail that follows. */
export class SignUpDesk {
  constructor(
    private readonly fixture: ContactsFixture,
    readonly tenantId: string,
  ) {}

  async form(more: Partial<contactsV1.CreateSignUpFormRequest> = {}): Promise<SignUpForm> {
    const { fixture, tenantId } = this;
    const { signUpForm } = await fixture.createForm.create(fixture.caller(tenantId), {
      ...contactsV1.CreateSignUpFormRequest.fromPartial({
        ...{ requestId: newId(), name: `News ${newId()}`, purposes: ['newsletter'], templateId: newId() },
        wording: 'Send me the newsletter, once a month.',
      }),
      listId: more.listId ?? (await fixture.list(tenantId)),
      ...more,
    });
    return (await fixture.as(tenantId, (tx) => formById(tx, signUpForm!.signUpFormId)))!;
  }

  async send(form: SignUpForm, email: string, more: Record<string, string> = {}): Promise<void> {
    const typed = { email, wording_version: String(form.wordingVersion), first_name: 'Ada', ...more };
    const body = new URLSearchParams(typed).toString();
    await this.fixture.receiveSignUp.receive(this.tenantId, form, readSignUp(body, form, FROM));
  }

  /** What messaging is told, in order. */
  async mails(): Promise<contactsV1.SignUpConfirmationDue[]> {
    const { rows } = await this.fixture.database
      .pool('probe')
      .query<{ payload: Buffer }>(
        'select payload from heed.outbox where tenant_id = $1 and type = $2 order by seq',
        [this.tenantId, SignUpConfirmationDue.name],
      );
    return rows.map(({ payload }) => SignUpConfirmationDue.codec.decode(payload));
  }

  /** The answer to messaging, which asks for the mail's permit. */
  async permit({ attemptId, contactId }: contactsV1.SignUpConfirmationDue): Promise<contactsV1.PermitAnswer> {
    const ask = this.fixture.ask(contactId, {
      ...{ attemptId, purpose: SIGN_UP_CONFIRMATION, fields: ['form', 'link', 'hours'] },
    });
    return (await this.fixture.issue(this.tenantId, ask)).answers[0]!;
  }

  /** The token in the mail. */
  async token(mail: contactsV1.SignUpConfirmationDue): Promise<string> {
    const answer = await this.permit(mail);
    if (answer.answer?.$case !== 'permit') throw new Error(outcomeOf(answer));
    return answer.answer.value.fields['link']!.split('/').at(-1)!;
  }

  /** What is said in one instant cannot be told apart: it stays a no. */
  async later(): Promise<void> {
    if (this.fixture.clock instanceof TestClock) await this.fixture.clock.advance(1);
  }

  async confirm(token: string): Promise<void> {
    const link = await this.fixture.signUpLinks.verify(token, this.fixture.clock.now());
    await this.fixture.confirmSignUp.confirm(link, { network: '198.51.100.0/24', userAgent: 'Mail/2.0' });
  }

  /** From the form to the contact: whoever has the address then. */
  async signedUp(form: SignUpForm, email: string): Promise<{ contactId: string; token: string }> {
    await this.send(form, email);
    const token = await this.token((await this.mails()).at(-1)!);
    await this.later();
    await this.confirm(token);
    const [row] = await this.fixture.rows<{ contact_id: string }>(
      this.tenantId,
      'select contact_id from sign_up_confirmation where tenant_id = $1 order by confirmed_at desc, entry_id desc limit 1',
    );
    return { contactId: row!.contact_id, token };
  }
}
