import { typesV1, type contactsV1 } from '@heed/contracts';
import { type OwnDenialReason } from '@heed/permits';
import { type MemberState } from '../members/member.js';
import { SECURITY, type Notice } from '../notices/notice.js';
import { type Told } from './member-permits.store.js';

/** Whom a notice is of use to: a link that sets a first password is not for who has one. */
const MEANT_FOR: Record<Notice, MemberState> = { invitation: 'invited', password_reset: 'active' };

/** Why the member is not written to; undefined where they are. */
export function denialOf(
  { channel, purpose }: Pick<contactsV1.PermitAsk, 'channel' | 'purpose'>,
  { notice, expiresAt, state }: Pick<Told, 'notice' | 'expiresAt' | 'state'>,
  at: Date,
): OwnDenialReason | undefined {
  if (state === null || state === 'deactivated') return 'unknown';
  if (channel !== typesV1.Channel.CHANNEL_EMAIL) return 'no_endpoint';
  if (notice === null || expiresAt === null || purpose !== SECURITY) return 'not_asked';
  return at < expiresAt && state === MEANT_FOR[notice] ? undefined : 'not_asked';
}
