import { Controller, Get, Header, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { Describe, PAGE_POLICY, PublicRoute, RawBody } from '@heed/http';
import { type Request, type Response } from 'express';
import { FollowLink, type Following } from './follow-link.js';
import { askingPage, donePage } from './opt-out-page.js';
import { OptOutLinks } from './opt-out-links.js';

const MOST_BYTES = 16 * 1024;

/**
 * The link at the foot of a message and in its List-Unsubscribe header.
 * SPEC: RFC 8058, 3.2: the POST needs no cookie, no sign-in and no further step, and is answered without a redirect.
 */
@Controller('u')
@PublicRoute()
export class OptOutHttp {
  constructor(
    private readonly links: OptOutLinks,
    private readonly following: FollowLink,
  ) {}

  /** Shows a button. A GET (and a HEAD, which comes here too) changes nothing. */
  @Get(':token')
  @Describe({
    summary: 'A page with a button that says no. Changes nothing.',
    parts: { token: 'Of the link in the message.' },
    answers: { 200: { says: 'The page.', body: 'text/html' } },
  })
  @Header('content-security-policy', PAGE_POLICY)
  @Header('content-type', 'text/html; charset=utf-8')
  async ask(@Param('token') token: string): Promise<string> {
    return askingPage(await this.links.verify(token));
  }

  /** Any POST is a "no": whatever a mail client puts into its body, to refuse it would be worse than to believe it. */
  @Post(':token')
  @HttpCode(200)
  @RawBody(MOST_BYTES)
  @Describe({
    summary: 'Says no (RFC 8058): whatever the body is.',
    parts: { token: 'Of the link in the message.' },
    body: 'application/x-www-form-urlencoded',
    answers: { 200: { says: 'Done: a page, or a line of text for a mail client.', body: 'text/html' } },
  })
  async optOut(
    @Param('token') token: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<string> {
    const said = readBody((request.body as Buffer | undefined)?.toString('utf8') ?? '');
    await this.following.follow(token, said);
    if (said.source === 'one_click') {
      response.type('text/plain');
      return 'unsubscribed\n';
    }
    response.type('text/html').setHeader('content-security-policy', PAGE_POLICY);
    return donePage();
  }
}

/** SPEC: RFC 8058, 3.1: `List-Unsubscribe=One-Click`, as a form or as multipart/form-data. */
export function readBody(body: string): Following {
  const form = new URLSearchParams(body);
  const multipart = /name="?List-Unsubscribe"?[^\n]*\r?\n(?:[^\n]+\r?\n)*\r?\nOne-Click/i.test(body);
  if (multipart || form.get('List-Unsubscribe') === 'One-Click')
    return { source: 'one_click', scope: 'this' };
  const scope = form.get('scope');
  return { source: 'page', scope: scope === 'sender' || scope === 'everything' ? scope : 'this' };
}
