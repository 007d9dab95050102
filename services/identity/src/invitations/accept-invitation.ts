import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, invalidArgument, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { refusal } from '../errors.js';
import { readToken } from '../keys/one-time-token.js';
import { activateMember, memberById } from '../members/member.store.js';
import { PasswordHashing } from '../passwords/password-hashing.js';
import { passwordViolations } from '../passwords/password.js';
import { faultOf } from './invitation.js';
import { acceptOnce, invitationOf } from './invitation.store.js';

/** Whoever was invited sets a password, once, and can sign in from then on. */
@Injectable()
export class AcceptInvitation {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly hashing: PasswordHashing,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async accept(invitationToken: string, password: string): Promise<void> {
    const token = readToken('invitation', invitationToken);
    if (!token) throw refusal('INVITATION_INVALID');
    // Hashing is dear: only for a token that counts, and not while a transaction is held open.
    const memberId = await this.uow.run(token.tenantId, async (tx) => {
      const invitation = await invitationOf(tx, token.hash);
      const fault = faultOf(invitation, this.clock.now());
      if (!invitation || fault) throw refusal(fault ?? 'INVITATION_INVALID');
      const violations = passwordViolations(password, (await memberById(tx, invitation.memberId)).email);
      if (violations.length > 0) throw invalidArgument(...violations);
      return invitation.memberId;
    });
    const passwordHash = await this.hashing.hash(password);
    await this.uow.run(token.tenantId, async (tx) => {
      const at = this.clock.now();
      if (!(await acceptOnce(tx, token.hash, at))) throw refusal('INVITATION_USED');
      await activateMember(tx, memberId, passwordHash, at);
    });
  }
}
