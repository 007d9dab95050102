import 'reflect-metadata';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Module, Param, Post, Req, Res, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { type Request, type Response } from 'express';
import { z } from 'zod';
import { type Caller, DomainError, newId } from '@heed/kernel';
import { currentTraceparent, logger } from '@heed/telemetry';
import { deferred, TestClock } from '@heed/testing';
import {
  AnyMemberRoute,
  drainHttp,
  FromCaller,
  HttpPermission,
  limited,
  listenHttp,
  PAGE_POLICY,
  prepareHttpEdge,
  PublicRoute,
  RawBody,
  StreamedBody,
  valid,
} from '../src/index.js';

const tenantId = newId();
const callers: Caller[] = [];
const uploads = { begun: deferred() };

@Controller()
class ListsController {
  @Post('v1/lists')
  @HttpPermission('lists.write')
  create(@Body() body: unknown, @FromCaller() caller: Caller) {
    callers.push(caller);
    return valid(z.object({ name: z.string().min(1).max(20) }), body);
  }

  @Post('v1/lists/:listId/imports')
  @HttpPermission('contacts.import')
  @StreamedBody()
  async upload(@Req() request: Request, @FromCaller() caller: Caller) {
    callers.push(caller);
    uploads.begun.resolve();
    let bytes = 0;
    for await (const part of limited(request, 2_000_000) as AsyncIterable<Buffer>) bytes += part.length;
    return { bytes, type: request.headers['content-type'] };
  }

  @Get('v1/me')
  @AnyMemberRoute()
  me(@FromCaller() caller: Caller) {
    return { actorId: caller.actorId, traceparent: currentTraceparent() };
  }
}

@Controller('u')
@PublicRoute()
class LinksController {
  @Get(':token')
  page(@Param('token') token: string) {
    return { length: token.length };
  }

  @Post(':token')
  oneClick(@Body() body: unknown) {
    return { body: body ?? null };
  }

  @Post(':token/webhook')
  @RawBody(1_000)
  webhook(@Body() body: Buffer) {
    return { hex: body.toString('hex') };
  }

  @Get(':token/fails')
  fails(@Param('token') token: string) {
    if (token === 'refused')
      throw new DomainError('LINK_EXPIRED', 'failed-precondition', { message: 'the link is old' });
    throw Object.assign(new Error('Key (email)=(jane@example.org) already exists.'), {
      detail: 'jane@example.org',
    });
  }

  @Get(':token/breaks')
  breaks(@Res() response: Response) {
    response.write('the first half');
    throw new Error('halfway');
  }
}

const members = {
  async verify(token: string) {
    const permissions = new Set(token === 'manager' ? ['lists.write', 'contacts.import'] : []);
    if (!['manager', 'agent', 'operator'].includes(token))
      throw new DomainError('TOKEN_INVALID', 'unauthenticated');
    return {
      kind: token === 'operator' ? ('operator' as const) : ('member' as const),
      tenantId,
      actorId: newId(),
      permissions,
    };
  },
};

async function edge(controllers: Type[], write: (line: string) => void = () => undefined) {
  @Module({ controllers })
  class EdgeModule {}
  const app = await NestFactory.create<NestExpressApplication>(EdgeModule, {
    bodyParser: false,
    logger: false,
    abortOnError: false,
  });
  prepareHttpEdge(app, {
    members,
    clock: new TestClock(),
    log: logger({ service: 'contacts' }, { write }),
    strictTransport: true,
  });
  const url = await listenHttp(app, { host: '127.0.0.1', port: 0 });
  return { url, stop: async () => drainHttp(app).then(() => app.close()) };
}

describe('the HTTP edge', () => {
  const lines: string[] = [];
  let logged = deferred();
  const write = (line: string): void => {
    lines.push(line);
    logged.resolve();
  };
  let url: string;
  let stop: () => Promise<void>;
  beforeAll(async () => ({ url, stop } = await edge([ListsController, LinksController], write)));
  afterAll(() => stop());
  beforeEach(() => {
    lines.length = 0;
    callers.length = 0;
    logged = deferred();
    uploads.begun = deferred();
  });

  const send = async (
    method: string,
    path: string,
    init: RequestInit & { token?: string; duplex?: 'half' } = {},
  ) => {
    const headers = new Headers(init.headers);
    if (init.token) headers.set('authorization', `Bearer ${init.token}`);
    const response = await fetch(`${url}${path}`, { method, ...init, headers });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  };
  const json = (value: unknown) => ({
    body: JSON.stringify(value),
    headers: { 'content-type': 'application/json' },
  });

  describe('lets in', () => {
    it('a member with the permission, known by the token alone', async () => {
      const { status, body } = await send('POST', '/v1/lists', {
        token: 'manager',
        ...json({ name: 'News' }),
      });
      expect([status, body]).toEqual([201, { name: 'News' }]);
      expect(callers).toEqual([
        expect.objectContaining({ kind: 'member', tenantId, method: 'POST /v1/lists' }),
      ]);
    });

    it.each([
      ['nobody without a token', undefined, 401, 'TOKEN_MISSING'],
      ['nobody with a token that is not valid', 'forged', 401, 'TOKEN_INVALID'],
      ['no member without the permission', 'agent', 403, 'PERMISSION_MISSING'],
      ['no operator', 'operator', 403, 'OPERATOR_NOT_ALLOWED'],
    ])('%s', async (_, token, status, reason) => {
      const answer = await send('POST', '/v1/lists', { token, ...json({ name: 'News' }) });
      expect([answer.status, answer.body.reason]).toEqual([status, reason]);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(callers).toEqual([]);
    });

    it('every member where it is about themself', async () => {
      expect((await send('GET', '/v1/me', { token: 'agent' })).status).toBe(200);
      expect((await send('GET', '/v1/me')).status).toBe(401);
    });

    it('everybody where the route is public, whatever token they hold', async () => {
      expect((await send('GET', '/u/abc', { token: 'forged' })).body).toEqual({ length: 3 });
    });
  });

  describe('answers a refusal', () => {
    it('as RFC 9457 says, with our reason and the fields, and no value', async () => {
      const { status, body } = await send('POST', '/v1/lists', {
        token: 'manager',
        ...json({ name: 'jane'.repeat(9) }),
      });
      expect(status).toBe(400);
      expect(body).toEqual({
        type: 'urn:heed:error:INVALID_ARGUMENT',
        title: 'Not valid',
        status: 400,
        detail: 'name: TOO_LONG',
        reason: 'INVALID_ARGUMENT',
        violations: [{ field: 'name', reason: 'TOO_LONG' }],
        trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      });
    });

    it('of the use case with its reason', async () => {
      const { status, body } = await send('GET', '/u/refused/fails');
      expect([status, body.reason, body.detail]).toEqual([422, 'LINK_EXPIRED', 'the link is old']);
    });

    it('of ours without a word about what happened, and logs it reduced', async () => {
      const { status, body } = await send('GET', '/u/secret-token/fails');
      expect([status, body.reason, body.detail]).toEqual([500, 'INTERNAL', 'internal error']);
      expect(JSON.stringify([body, lines])).not.toMatch(/jane|secret-token/);
      expect(lines.map((line) => JSON.parse(line))).toContainEqual(
        expect.objectContaining({ level: 'error', error: expect.objectContaining({ name: 'Error' }) }),
      );
    });

    it('halfway through an answer by breaking it off', async () => {
      await expect(send('GET', '/u/x/breaks')).rejects.toThrow();
    });

    it('where there is no such route, without naming it', async () => {
      const { status, body } = await send('GET', '/nowhere/jane@example.org');
      expect([status, body.reason]).toEqual([404, 'ROUTE_NOT_FOUND']);
      expect(JSON.stringify([body, lines])).not.toContain('jane');
    });

    it('with a page where a browser asks for one, under the policy of pages', async () => {
      const asked = {
        headers: { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' },
      };
      const answer = await fetch(`${url}/u/refused/fails`, asked);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([422, 'text/html; charset=utf-8']);
      expect(answer.headers.get('content-security-policy')).toBe(PAGE_POLICY);
      const page = await answer.text();
      expect(page).toContain('<p>The link is old.</p>');
      expect(page).toContain('LINK_EXPIRED');
      expect(page).not.toMatch(/<script|src=|href=/i);
      const faulty = await (await fetch(`${url}/u/secret-token/fails`, asked)).text();
      expect(faulty).toContain('Internal error');
      expect(faulty).not.toMatch(/jane|secret-token/);
      expect((await send('GET', '/u/refused/fails', { headers: { accept: '*/*' } })).body.reason).toBe(
        'LINK_EXPIRED',
      );
    });

    it('where the path is no UTF-8', async () => {
      expect((await send('GET', '/u/%ff')).body).toMatchObject({ status: 400, reason: 'REQUEST_REFUSED' });
    });
  });

  describe('takes a body', () => {
    it('as JSON or a form', async () => {
      const form = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' });
      expect((await send('POST', '/u/abc', { body: form })).body).toEqual({
        body: { 'List-Unsubscribe': 'One-Click' },
      });
      expect((await send('POST', '/u/abc', json({ a: 1 }))).body).toEqual({ body: { a: 1 } });
      expect((await send('POST', '/u/abc')).body).toEqual({ body: null });
    });

    it.each([
      [
        'that is no JSON',
        { body: '{"a":', headers: { 'content-type': 'application/json' } },
        400,
        'BODY_MALFORMED',
      ],
      [
        'of an unknown type',
        { body: 'a', headers: { 'content-type': 'text/csv' } },
        415,
        'MEDIA_TYPE_UNSUPPORTED',
      ],
      ['that is too large', json({ a: 'x'.repeat(300_000) }), 413, 'BODY_TOO_LARGE'],
      ['that is compressed', { ...json({}), headers: { 'content-encoding': 'gzip' } }, 415, 'BODY_ENCODED'],
    ])('but none %s', async (_, init, status, reason) => {
      const answer = await send('POST', '/u/abc', init);
      expect([answer.status, answer.body.reason]).toEqual([status, reason]);
    });

    it('but none that grows too large without saying so', async () => {
      const body = new ReadableStream({
        start(controller) {
          for (let i = 0; i < 40; i++) controller.enqueue(new Uint8Array(10_000));
          controller.close();
        },
      });
      const answer = await send('POST', '/u/abc', {
        body,
        duplex: 'half',
        headers: { 'content-type': 'application/json' },
      });
      expect(answer.body.reason).toBe('BODY_TOO_LARGE');
    });

    it('as the very bytes, for a signature over them', async () => {
      const init = { body: Buffer.from('7b20207d', 'hex'), headers: { 'content-type': 'application/json' } };
      expect((await send('POST', '/u/abc/webhook', init)).body).toEqual({ hex: '7b20207d' });
    });

    it.each(['text/csv', 'application/json'])('as a stream that no parser has touched (%s)', async (type) => {
      const init = { token: 'manager', body: Buffer.alloc(1_500_000, 97), headers: { 'content-type': type } };
      expect((await send('POST', '/v1/lists/1/imports', init)).body).toEqual({ bytes: 1_500_000, type });
    });

    it('as a stream up to the limit of its route', async () => {
      const answer = await send('POST', '/v1/lists/1/imports', {
        token: 'manager',
        body: Buffer.alloc(3_000_000),
      });
      expect([answer.status, answer.body.reason]).toEqual([413, 'BODY_TOO_LARGE']);
    });

    it('and ends the route when its sender breaks off', async () => {
      const { hostname, port } = new URL(url);
      const socket = connect(Number(port), hostname);
      socket.write(
        'POST /v1/lists/1/imports HTTP/1.1\r\nhost: x\r\nauthorization: Bearer manager\r\ncontent-length: 1000\r\n\r\nhalf',
      );
      await uploads.begun.promise;
      socket.destroy();
      await logged.promise;
      expect(lines).toHaveLength(1);
      expect(JSON.parse(lines[0]!)).toMatchObject({
        route: '/v1/lists/:listId/imports',
        httpStatus: 499,
      });
    });
  });

  it('logs each request under its template, never its path or query', async () => {
    await send('GET', '/u/secret-token?email=jane@example.org');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ msg: 'request', method: 'GET', route: '/u/:token', httpStatus: 200 }),
    ]);
    expect(lines.join('')).not.toMatch(/secret-token|jane/);
  });

  it('goes on with the trace of its caller', async () => {
    const headers = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
    const { body } = await send('GET', '/v1/me', { token: 'agent', headers });
    expect(body.traceparent).toMatch(
      /^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)[0-9a-f]{16}-01$/,
    );
  });

  it('tells browsers to do nothing with its answers but show them', async () => {
    const { headers } = await send('GET', '/u/abc');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('strict-transport-security')).toContain('max-age');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it('does not start with a route that nobody said who may use', async () => {
    @Controller('v1/forgotten')
    class ForgottenController {
      @Get()
      list() {
        return [];
      }
    }
    await expect(edge([ForgottenController])).rejects.toMatchObject({
      reason: 'ROUTE_WITHOUT_ACCESS',
      message: expect.stringContaining('ForgottenController.list'),
    });
  });
});
