import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS } from '@heed/config';
import { CLOCK, invalidArgument, newId, NIL_UUID, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { refusal } from '../errors.js';
import { sameSecret } from '../keys/same-secret.js';
import { emailViolations } from '../members/member.js';
import { activateMember, anyMemberExists, insertMember } from '../members/member.store.js';
import { PasswordHashing } from '../passwords/password-hashing.js';
import { passwordViolations } from '../passwords/password.js';
import { type IdentitySettings } from '../settings.js';

/**
 * Makes the first operator: a member of no tenant (nil), behind the same wall and fence as everybody, who signs in
 * without naming one.
 */
@Injectable()
export class BootstrapOperator {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly hashing: PasswordHashing,
    @Inject(SETTINGS) private readonly settings: IdentitySettings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async bootstrap(secret: string, email: string, password: string): Promise<string> {
    const expected = this.settings.HEED_BOOTSTRAP_SECRET;
    if (expected === undefined || !sameSecret(secret, expected)) throw refusal('BOOTSTRAP_SECRET_WRONG');
    const violations = [...emailViolations(email), ...passwordViolations(password, email)];
    if (violations.length > 0) throw invalidArgument(...violations);
    const passwordHash = await this.hashing.hash(password);
    return this.uow.run(NIL_UUID, async (tx) => {
      // Two at once: the second waits, and then finds the first.
      await tx.execute(`select pg_advisory_xact_lock(hashtextextended('heed.bootstrap', 0))`);
      if (await anyMemberExists(tx)) throw refusal('OPERATOR_EXISTS');
      const at = this.clock.now();
      const { memberId } = await insertMember(
        tx,
        { memberId: newId(), email, name: 'Operator', roles: [] },
        at,
      );
      await activateMember(tx, memberId, passwordHash, at);
      return memberId;
    });
  }
}
