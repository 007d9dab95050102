import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { AccessTokens } from '../keys/access-tokens.js';
import { endSession } from './session.store.js';

/** Signs out. To sign out twice is no error: the session is over. */
@Injectable()
export class EndSession {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly accessTokens: AccessTokens,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async end(accessToken: string): Promise<void> {
    const session = await this.accessTokens.sessionOf(accessToken);
    await this.uow.run(session.tenantId, (tx) => endSession(tx, session, 'sign_out', this.clock.now()));
  }
}
