import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, invalidArgument, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { refusal } from '../errors.js';
import { readToken } from '../keys/one-time-token.js';
import { activateMember, memberById } from '../members/member.store.js';
import { endAllSessions } from '../sessions/session.store.js';
import { PasswordHashing } from './password-hashing.js';
import { resetFault } from './password-reset.js';
import { resetOf, useOnce } from './password-reset.store.js';
import { passwordViolations } from './password.js';

/** Who got the mail sets another password, once. All sessions end: somebody else may know the old one. */
@Injectable()
export class ResetPassword {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly hashing: PasswordHashing,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async reset(resetToken: string, password: string): Promise<void> {
    const token = readToken('reset', resetToken);
    if (!token) throw refusal('RESET_INVALID');
    // Hashing is dear: only for a token that counts, and not while a transaction is held open.
    const memberId = await this.uow.run(token.tenantId, async (tx) => {
      const reset = await resetOf(tx, token.hash);
      const fault = resetFault(reset, this.clock.now());
      if (!reset || fault) throw refusal(fault ?? 'RESET_INVALID');
      const violations = passwordViolations(password, (await memberById(tx, reset.memberId)).email);
      if (violations.length > 0) throw invalidArgument(...violations);
      return reset.memberId;
    });
    const passwordHash = await this.hashing.hash(password);
    await this.uow.run(token.tenantId, async (tx) => {
      const at = this.clock.now();
      if (!(await useOnce(tx, token.hash, at))) throw refusal('RESET_USED');
      await activateMember(tx, memberId, passwordHash, at);
      await endAllSessions(tx, memberId, 'password', at);
    });
  }
}
