import { type Endpoints } from './endpoints.js';
import { callHttp } from './http-edge.js';
import { DomainError } from '@heed/kernel';

/** What identity gives at sign-in. */
export interface Session {
  accessToken: string;
  refreshToken: string;
  /** Seconds that the access token lives. */
  expiresIn: number;
}

interface SessionAnswer {
  access_token: string;
  refresh_token: string;
  expires_in: number;
}

export interface SignIn {
  /** Slug of the tenant; absent for the operator. */
  tenant?: string;
  email: string;
  password: string;
}

export async function signIn(endpoints: Endpoints, { tenant, email, password }: SignIn): Promise<Session> {
  return sessionOf(
    await callHttp(identityOf(endpoints), {
      method: 'POST',
      path: '/v1/sessions',
      json: { ...(tenant && { tenant }), email, password },
    }),
  );
}

/** A new pair of tokens; the refresh token given is spent. */
export async function refresh(endpoints: Endpoints, refreshToken: string): Promise<Session> {
  return sessionOf(
    await callHttp(identityOf(endpoints), {
      method: 'POST',
      path: '/v1/sessions/refresh',
      json: { refresh_token: refreshToken },
    }),
  );
}

/** Sets the password of someone invited. */
export async function acceptInvitation(endpoints: Endpoints, token: string, password: string): Promise<void> {
  await callHttp(identityOf(endpoints), {
    method: 'POST',
    path: '/v1/invitations/accept',
    json: { invitation_token: token, password },
  });
}

async function sessionOf(response: Response): Promise<Session> {
  const answer = (await response.json()) as SessionAnswer;
  return {
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token,
    expiresIn: answer.expires_in,
  };
}

function identityOf(endpoints: Endpoints): string {
  const url = endpoints.http.identity;
  if (!url)
    throw new DomainError('ENDPOINTS_MISSING', 'failed-precondition', { message: 'set HEED_IDENTITY_URL' });
  return url;
}
