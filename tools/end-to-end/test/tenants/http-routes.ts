import { HttpAdapterHost } from '@nestjs/core';
import { SERVICES, type ServiceName } from '@heed/contracts';
import { PASSWORD, type SixServices } from '../world/six-services.js';
import { besideOf } from './answers.js';
import { type Things } from './things.js';

/** A place of a route that names something: a part of the path, or a field of the body. */
export interface HttpField {
  service: ServiceName;
  /** `GET /v1/imports/:importId/rejected.csv` */
  route: string;
  field: string;
}

interface Layer {
  route?: { path: string; methods: Record<string, boolean> };
}

/** What is sent along: text as it is, anything else as JSON. */
const BODIES: Record<string, (own: Things) => string | Record<string, string>> = {
  'POST /v1/lists/:listId/imports': () => 'email\nfive@people.test\n',
  'POST /u/:token': () => 'List-Unsubscribe=One-Click',
  'POST /f/:tenantId/:signUpFormId': ({ tenant }) => `email=four@${tenant.slug}.test&wording_version=1`,
  'POST /s/:signUpToken': () => 'yes',
  'POST /v1/sessions': ({ tenant }) => ({ tenant: tenant.slug, email: tenant.email, password: PASSWORD }),
  'POST /v1/sessions/refresh': ({ tenant }) => ({ refresh_token: tenant.refreshToken }),
  'POST /v1/invitations/accept': ({ tenant }) => ({
    invitation_token: tenant.invitationToken,
    password: PASSWORD,
  }),
  'POST /v1/password-resets/accept': ({ resetToken }) => ({ reset_token: resetToken, password: PASSWORD }),
  'POST /v1/tokens': ({ apiKey }) => ({ api_key: apiKey }),
};
const TYPES: Record<string, string> = {
  'POST /v1/lists/:listId/imports': 'text/csv',
  'POST /u/:token': 'application/x-www-form-urlencoded',
  'POST /f/:tenantId/:signUpFormId': 'application/x-www-form-urlencoded',
  'POST /s/:signUpToken': 'application/x-www-form-urlencoded',
};

/** Fields of bodies that name nothing. */
const NO_NAMES = new Set(['tenant', 'password']);

/** Routes on which there is nothing of somebody else's to name, and why. */
export const NOTHING_TO_NAME: Record<string, string> = {
  'GET /.well-known/jwks.json': 'the same keys for everybody',
  'GET /openapi.json': 'the same document for everybody',
  'POST /v1/password-resets': 'one answer for every tenant and address, known or not',
  'POST /webhooks/mail/:tenantId/:providerConnectionId':
    'one answer for whatever is named, but to who signs with its secret (messaging: webhooks.spec.ts)',
  'DELETE /v1/sessions': 'ends the session of the very token that it is shown',
};

/** Every route that the services have registered, as Express has them. */
export function routesOf(six: SixServices): { service: ServiceName; route: string }[] {
  return SERVICES.filter((service) => six.cluster.service(service).httpUrl !== undefined).flatMap(
    (service) => {
      const { httpAdapter } = six.cluster.service(service).get(HttpAdapterHost);
      const { router } = httpAdapter.getInstance<{ router: { stack: Layer[] } }>();
      return router.stack.flatMap(({ route }) =>
        route === undefined
          ? []
          : Object.keys(route.methods).map((method) => ({
              service,
              route: `${method.toUpperCase()} ${route.path}`,
            })),
      );
    },
  );
}

/** The places of a route that name something. */
export function fieldsOf(route: string, own: Things): string[] {
  const path = [...route.matchAll(/:(\w+)/g)].map(([, name]) => name!);
  const body = BODIES[route]?.(own) ?? '';
  return typeof body === 'string'
    ? path
    : [...path, ...Object.keys(body).filter((name) => !NO_NAMES.has(name))];
}

/** What a place holds: of our own, of another tenant, and of nobody. Undefined where that is not known. */
export function valuesFor(
  field: string,
  own: Things,
  foreign: Things,
): { ours: string; theirs: string; nobodys: string } | undefined {
  const real = (foreign as unknown as Record<string, unknown>)[field];
  if (typeof real === 'string' && field !== 'message' && field !== 'signUpToken') {
    return { ours: own[field as 'listId'], theirs: real, nobodys: besideOf(real) };
  }
  if (field === 'email') {
    const { email } = foreign.tenant;
    return { ours: own.tenant.email, theirs: email, nobodys: email.replace('all@', 'nil@') };
  }
  const tokens: Record<string, string> = {
    token: own.linkToken,
    signUpToken: own.signUpToken,
    message: own.message,
    refresh_token: own.tenant.refreshToken,
    invitation_token: own.tenant.invitationToken,
    reset_token: own.resetToken,
    api_key: own.apiKey,
  };
  const ours = tokens[field];
  if (ours === undefined) return undefined;
  // A token names its tenant by itself: ours, with the other tenant put in, and with one that does not exist.
  const { tenantId } = foreign.tenant;
  return {
    ours,
    theirs: withTenant(ours, own.tenant.tenantId, tenantId),
    nobodys: withTenant(ours, own.tenant.tenantId, besideOf(tenantId)),
  };
}

export async function send(
  six: SixServices,
  { service, route, field }: HttpField,
  own: Things,
  given: string,
): Promise<{ status: number; text: string }> {
  const [method, path = ''] = route.split(' ');
  const filled = path.replaceAll(/:(\w+)/g, (_, name: string) => {
    return name === field ? given : String((own as unknown as Record<string, unknown>)[name]);
  });
  const body = BODIES[route]?.(own);
  const sent = typeof body === 'object' && field in body ? { ...body, [field]: given } : body;
  const response = await fetch(`${six.cluster.service(service).httpUrl}${filled}`, {
    method,
    // A link leads on, out of here.
    redirect: 'manual',
    headers: {
      authorization: `Bearer ${await own.tenant.client.bearer()}`,
      ...(sent !== undefined && { 'content-type': TYPES[route] ?? 'application/json' }),
    },
    ...(sent !== undefined && { body: typeof sent === 'string' ? sent : JSON.stringify(sent) }),
  });
  const headers = [...response.headers].filter(([name]) => name !== 'date').map((pair) => pair.join(': '));
  return {
    status: response.status,
    text: [response.status, ...headers, '', await response.text()].join('\n'),
  };
}

function withTenant(token: string, own: string, other: string): string {
  // An API key says it in hexadecimal.
  if (token.startsWith('heed_')) return token.replace(own.replaceAll('-', ''), other.replaceAll('-', ''));
  const [, prefix = '', encoded = ''] = /^(hd[a-z]_)?(.*)$/.exec(token)!;
  const bytes = Buffer.from(encoded, 'base64url');
  const at = bytes.indexOf(Buffer.from(own.replaceAll('-', ''), 'hex'));
  if (at < 0)
    throw new Error('a token that does not begin with its tenant: say in http-routes.ts what names it');
  Buffer.from(other.replaceAll('-', ''), 'hex').copy(bytes, at);
  return prefix + bytes.toString('base64url');
}
