import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@heed/kernel';
import { TestClock } from '@heed/testing';
import { type SignUpForm } from '../src/sign-ups/sign-up-form.js';
import { saveForm } from '../src/sign-ups/sign-up-form.store.js';
import { networkOf, OF_A_MAILBOX, OF_A_NETWORK } from '../src/sign-ups/sign-up-limits.js';
import { SignUpsHttp } from '../src/sign-ups/sign-ups.http.js';
import { ContactsFixture, reasonOf } from './contacts-fixture.js';
import { SignUpDesk } from './sign-up-desk.js';

describe('the edge that sign-ups come in by', () => {
  let fixture: ContactsFixture;
  const clock = new TestClock();
  let tenantId: string;
  let desk: SignUpDesk;
  let form: SignUpForm;
  let edge: SignUpsHttp;
  beforeAll(async () => {
    fixture = await ContactsFixture.create({ clock });
  });
  beforeEach(async () => {
    tenantId = newId();
    desk = new SignUpDesk(fixture, tenantId);
    form = await desk.form({ allowedOrigins: ['https://www.acme.example'], language: 'es' });
    const { uow, signUpLinks: links, receiveSignUp, confirmSignUp } = fixture;
    edge = new SignUpsHttp(uow, links, receiveSignUp, confirmSignUp, clock, { HEED_TRUSTED_PROXIES: 0 });
    await fixture.tendDays();
  });
  afterAll(() => fixture.drop());

  const typed = (email: string, version = form.wordingVersion) =>
    new URLSearchParams({ email, wording_version: String(version) }).toString();
  function send(body: string, { origin = '', from = '192.0.2.7', formId = form.signUpFormId } = {}) {
    const headers: Record<string, string> = {};
    const response = {
      setHeader: (name: string, value: string) => ((headers[name] = value), response),
      ...{ vary: () => response, type: () => response },
    };
    const request = {
      body: Buffer.from(body),
      headers: { ...(origin && { origin }), 'user-agent': 'Browser/1.0' },
      socket: { remoteAddress: from },
    };
    const answer = edge.send(tenantId, formId, request as never, response as never);
    return answer.then((page) => ({ page, headers }));
  }

  it('answers for the known, the unknown, the suppressed and the erased alike', async () => {
    const known = await fixture.person(tenantId);
    const out = await fixture.person(tenantId);
    await fixture.optOut(tenantId, out.contactId);
    const gone = await fixture.person(tenantId);
    await fixture.erase(tenantId, gone.contactId, { objects: true });
    const emails = [known, out, gone].map(({ email }) => email);
    const answers = await Promise.all(
      [...emails, `${newId()}@example.org`].map((email) => send(typed(email))),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]!.page).toContain('Revise su correo');
    expect(await desk.mails()).toHaveLength(4);
    // And once more at once: no mail, and the same answer.
    expect(await send(typed(known.email))).toEqual(answers[0]);
    expect(await desk.mails()).toHaveLength(4);
  });

  it('takes forms from the pages that it may come from, and says so to their browsers', async () => {
    const email = `${newId()}@example.org`;
    const { headers } = await send(typed(email), { origin: 'https://www.acme.example' });
    expect(headers['access-control-allow-origin']).toBe('https://www.acme.example');
    for (const origin of ['https://acme.example', 'http://www.acme.example', 'null'])
      expect(await reasonOf(send(typed(email), { origin }))).toBe('SIGN_UP_ORIGIN_REFUSED');
    expect(await reasonOf(send(typed(email), { origin: fixture.signUpLinks.ownOrigin }))).toBe('accepted');
  });

  it('takes no consent to words that were not seen, none for a form that is closed, and none for none', async () => {
    const email = `${newId()}@example.org`;
    expect(await reasonOf(send(typed(email, 2)))).toBe('SIGN_UP_WORDING_CHANGED');
    expect(await reasonOf(send(typed('nobody')))).toBe('INVALID_ARGUMENT');
    expect(await reasonOf(send(typed(email), { formId: newId() }))).toBe('SIGN_UP_FORM_NOT_FOUND');
    await fixture.as(tenantId, (tx) => saveForm(tx, { ...form, isOpen: false }));
    expect(await reasonOf(send(typed(email)))).toBe('SIGN_UP_FORM_CLOSED');
    expect(await desk.mails()).toEqual([]);
  });

  it('hears a network out until it has sent too much, and again after a while', async () => {
    const next = (from: string) => reasonOf(send(typed('nobody'), { from }));
    for (let sent = 0; sent < OF_A_NETWORK.most; sent += 1)
      expect(await next('192.0.2.7')).toBe('INVALID_ARGUMENT');
    expect(await next('192.0.2.8')).toBe('SIGN_UP_TOO_MANY');
    expect(await next('198.51.100.1')).toBe('INVALID_ARGUMENT');
    await clock.advance(2 * OF_A_NETWORK.everyMs);
    expect(await next('192.0.2.8')).toBe('INVALID_ARGUMENT');
  });

  it('asks one mailbox so often, by whichever of its addresses, and answers as always', async () => {
    const name = newId();
    const aliases = Array.from({ length: OF_A_MAILBOX.most + 3 }, (_, n) => `${name}+${n}@example.org`);
    const answers = [];
    for (const [n, email] of aliases.entries())
      answers.push(await send(typed(email), { from: `198.51.${n}.1` }));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await desk.mails()).toHaveLength(OF_A_MAILBOX.most);
    await send(typed(`another-${name}@example.org`));
    expect(await desk.mails()).toHaveLength(OF_A_MAILBOX.most + 1);
  });

  it('shows a button by the link and changes nothing; the button confirms', async () => {
    await send(typed(`${newId()}@example.org`));
    const token = await desk.token((await desk.mails())[0]!);
    expect(await edge.askToConfirm(token)).toContain('Sí, quiero suscribirme');
    expect(await fixture.rows(tenantId, 'select 1 from contact where tenant_id = $1')).toEqual([]);
    const request = { headers: {}, socket: { remoteAddress: '2001:db8:1::7' } };
    expect(await edge.confirm(token, request as never)).toContain('Gracias');
    expect(await fixture.rows(tenantId, 'select 1 from contact where tenant_id = $1')).toHaveLength(1);
    // Who comes back to the page sees the same.
    expect(await edge.askToConfirm(token)).toContain('Sí, quiero suscribirme');
  });

  it('confirms no words that have changed since they were sent, and shows no button for them', async () => {
    await send(typed(`${newId()}@example.org`));
    const token = await desk.token((await desk.mails())[0]!);
    const wording = 'Send me everything, every day.';
    await fixture.as(tenantId, (tx) => saveForm(tx, { ...form, wording, wordingVersion: 2 }));
    const request = { headers: {}, socket: { remoteAddress: '2001:db8:1::7' } };
    expect(await reasonOf(edge.askToConfirm(token))).toBe('SIGN_UP_OUTDATED');
    expect(await reasonOf(edge.confirm(token, request as never))).toBe('SIGN_UP_OUTDATED');
    expect(await fixture.rows(tenantId, 'select 1 from contact where tenant_id = $1')).toEqual([]);
  });

  it('takes no name that would be a link', async () => {
    const named = (name: string) =>
      `${typed(`${newId()}@example.org`)}&first_name=${encodeURIComponent(name)}`;
    for (const name of ['http://evil.example', 'Win at WWW.evil.example'])
      expect(await reasonOf(send(named(name)))).toBe('INVALID_ARGUMENT');
    expect(await reasonOf(send(named('Jean-Luc d’Arc')))).toBe('accepted');
  });

  it('keeps of an address the block that it is in', () => {
    expect(['192.0.2.77', '::ffff:192.0.2.77', '2001:0db8:1:2::9', '::1', ''].map(networkOf)).toEqual([
      ...['192.0.2.0/24', '192.0.2.0/24', '2001:db8:1::/48', '0:0:0::/48', ''],
    ]);
  });
});
