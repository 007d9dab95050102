import { Controller, Get, Header, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { SETTINGS } from '@heed/config';
import { Describe, PAGE_POLICY, PublicRoute, RawBody, remoteAddress } from '@heed/http';
import { CLOCK, isUuid, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { type Request, type Response } from 'express';
import { refusal } from '../errors.js';
import { type ContactsSettings } from '../settings.js';
import { ConfirmSignUp, type Pressed } from './confirm-sign-up.js';
import { readSignUp } from './read-sign-up.js';
import { ReceiveSignUp } from './receive-sign-up.js';
import { type SignUpForm } from './sign-up-form.js';
import { formById } from './sign-up-form.store.js';
import { networkOf, SignUpLimits } from './sign-up-limits.js';
import { SignUpLinks } from './sign-up-links.js';
import { confirmPage, formPageOf, lookPage, signedUpPage } from './sign-up-page.js';

const MOST_BYTES = 16 * 1024;
const MOST_AGENT = 300;

/** Where people put themselves on a list: a form, and the link of the mail that asks whether it was them. */
@Controller()
@PublicRoute()
export class SignUpsHttp {
  private readonly limits: SignUpLimits;
  private readonly proxies: number;

  constructor(
    private readonly uow: UnitOfWork,
    private readonly links: SignUpLinks,
    private readonly receiving: ReceiveSignUp,
    private readonly confirming: ConfirmSignUp,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) settings: Pick<ContactsSettings, 'HEED_TRUSTED_PROXIES'>,
  ) {
    this.limits = new SignUpLimits(clock);
    this.proxies = settings.HEED_TRUSTED_PROXIES;
  }

  @Get('f/:tenantId/:signUpFormId')
  @Describe({
    summary: 'The page of a form by which people put themselves on a list.',
    parts: { tenantId: 'Id of the tenant.', signUpFormId: 'Id of the form.' },
    answers: { 200: { says: 'The page.', body: 'text/html' } },
  })
  @Header('content-security-policy', PAGE_POLICY)
  @Header('content-type', 'text/html; charset=utf-8')
  // SPEC: Fetch, 3.1: under `no-referrer` a browser names itself as origin of no page of ours either: `null`, which
  // everybody could be. No token is in this path.
  @Header('referrer-policy', 'same-origin')
  async show(@Param('tenantId') tenantId: string, @Param('signUpFormId') formId: string): Promise<string> {
    return formPageOf(await this.formOf(tenantId, formId));
  }

  /** The same answer for every address: known, unknown, suppressed, erased. */
  @Post('f/:tenantId/:signUpFormId')
  @HttpCode(202)
  @RawBody(MOST_BYTES)
  @Describe({
    summary: 'Sends a form: email, first_name, last_name, wording_version. The address is asked by mail.',
    parts: { tenantId: 'Id of the tenant.', signUpFormId: 'Id of the form.' },
    body: 'application/x-www-form-urlencoded',
    answers: {
      202: { says: 'The same for every address: a page that says to look into the mail.', body: 'text/html' },
    },
  })
  async send(
    @Param('tenantId') tenantId: string,
    @Param('signUpFormId') formId: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<string> {
    const from = this.pressedBy(request);
    this.limits.demand({ tenantId, signUpFormId: formId, network: from.network });
    const form = await this.formOf(tenantId, formId);
    const origin = this.demandOrigin(form, request);
    if (!form.isOpen) throw refusal('SIGN_UP_FORM_CLOSED');
    const received = readSignUp((request.body as Buffer | undefined)?.toString('utf8') ?? '', form, {
      ...from,
      origin,
    });
    if (this.limits.mayMail(tenantId, received.address))
      await this.receiving.receive(tenantId, form, received);
    if (origin !== '') response.setHeader('access-control-allow-origin', origin).vary('origin');
    response.type('text/html').setHeader('content-security-policy', PAGE_POLICY);
    return lookPage(form);
  }

  /** Shows a button. A GET changes nothing: scanners of mail open every link. */
  @Get('s/:signUpToken')
  @Describe({
    summary: 'A page with a button that confirms a sign-up. Changes nothing.',
    parts: { signUpToken: 'Of the link in the mail.' },
    answers: { 200: { says: 'The page.', body: 'text/html' } },
  })
  @Header('content-security-policy', PAGE_POLICY)
  @Header('content-type', 'text/html; charset=utf-8')
  async askToConfirm(@Param('signUpToken') token: string): Promise<string> {
    return confirmPage(await this.confirming.formOf(await this.links.verify(token, this.clock.now())));
  }

  @Post('s/:signUpToken')
  @HttpCode(200)
  @RawBody(MOST_BYTES)
  @Describe({
    summary: 'Confirms a sign-up, once.',
    parts: { signUpToken: 'Of the link in the mail.' },
    body: 'application/x-www-form-urlencoded',
    answers: { 200: { says: 'Done: a page.', body: 'text/html' } },
  })
  @Header('content-security-policy', PAGE_POLICY)
  @Header('content-type', 'text/html; charset=utf-8')
  async confirm(@Param('signUpToken') token: string, @Req() request: Request): Promise<string> {
    const link = await this.links.verify(token, this.clock.now());
    return signedUpPage(await this.confirming.confirm(link, this.pressedBy(request)));
  }

  private async formOf(tenantId: string, formId: string): Promise<SignUpForm> {
    const isOne = isUuid(tenantId) && isUuid(formId);
    const form = isOne ? await this.uow.run(tenantId, (tx) => formById(tx, formId)) : undefined;
    if (!form) throw refusal('SIGN_UP_FORM_NOT_FOUND');
    return form;
  }

  /** Browsers say which page sends; what is no browser says nothing, and is held by the limits alone. */
  private demandOrigin({ allowedOrigins }: SignUpForm, request: Request): string {
    const { origin = '' } = request.headers;
    const isAllowed = origin === '' || origin === this.links.ownOrigin || allowedOrigins.includes(origin);
    if (!isAllowed) throw refusal('SIGN_UP_ORIGIN_REFUSED');
    return origin;
  }

  private pressedBy(request: Request): Pressed {
    return {
      network: networkOf(remoteAddress(request, this.proxies)),
      userAgent: (request.headers['user-agent'] ?? '').replaceAll(/\p{Cc}/gu, '').slice(0, MOST_AGENT),
    };
  }
}
