import { type Endpoints } from './endpoints.js';
import { callHttp } from './http-edge.js';
import { DomainError, systemClock, type Clock } from '@heed/kernel';

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

/** Refresh this long before the token ends: long enough for a call begun now. */
const REFRESH_AHEAD_MS = 60_000;

/** The session's token, renewed before it ends: for whoever stays longer than one token lives. */
export function keptSession(
  endpoints: Endpoints,
  first: Session,
  clock: Pick<Clock, 'now'> = systemClock,
): () => Promise<string> {
  const now = () => clock.now().getTime();
  let held = { session: first, endsAt: now() + first.expiresIn * 1000 };
  let renewing: Promise<void> | undefined;
  const renew = async (): Promise<void> => {
    const session = await refresh(endpoints, held.session.refreshToken);
    held = { session, endsAt: now() + session.expiresIn * 1000 };
  };
  return async () => {
    // For all who wait, one: a refresh token counts once.
    if (held.endsAt - now() < REFRESH_AHEAD_MS) {
      renewing ??= renew().finally(() => (renewing = undefined));
      await renewing;
    }
    return held.session.accessToken;
  };
}

/** An API key for a token of five minutes. */
export async function exchangeApiKey(endpoints: Endpoints, apiKey: string): Promise<string> {
  const answer = await callHttp(identityOf(endpoints), {
    method: 'POST',
    path: '/v1/tokens',
    json: { api_key: apiKey },
  });
  return ((await answer.json()) as { access_token: string }).access_token;
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
