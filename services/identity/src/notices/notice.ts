import { typesV1 } from '@heed/contracts';

/** What a member is told by mail. */
export type Notice = 'invitation' | 'password_reset';

export const WIRE_NOTICE: Record<Notice, typesV1.Notice> = {
  invitation: typesV1.Notice.NOTICE_INVITATION,
  password_reset: typesV1.Notice.NOTICE_PASSWORD_RESET,
};

/** What all of them are for: nobody can opt out of hearing about their own account. */
export const SECURITY = 'security';

const HOUR_MS = 3_600_000;

/** How long it is worth telling: who asked for a link an hour ago has asked again. */
const WORTH_TELLING_MS: Record<Notice, number> = { invitation: 24 * HOUR_MS, password_reset: HOUR_MS };

export function worthTellingUntil(notice: Notice, requestedAt: Date): Date {
  return new Date(requestedAt.getTime() + WORTH_TELLING_MS[notice]);
}

/** Values that a notice may hold. `link` and `token` are secret: they are made when a permit is issued, and kept nowhere. */
export const NOTICE_FIELDS = ['name', 'tenant', 'link', 'token', 'hours'] as const;
