import { Inject, Injectable } from '@nestjs/common';
import { type identityV1 } from '@heed/contracts';
import { CLOCK, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { TellAudit } from '../audit/tell-audit.js';
import { messageOf } from './api-key-message.js';
import { apiKeyById, revokeApiKey } from './api-key.store.js';

/** Ends a key: no exchange begins after the commit; tokens that are out live five minutes at most. */
@Injectable()
export class RevokeApiKey {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly audit: TellAudit,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  revoke(caller: Caller, apiKeyId: string): Promise<identityV1.ApiKey> {
    const at = this.clock.now();
    return this.uow.run(caller.tenantId, async (tx) => {
      if (await revokeApiKey(tx, apiKeyId, at)) await this.audit.tell(tx, caller, apiKeyId);
      return messageOf(await apiKeyById(tx, apiKeyId), at);
    });
  }
}
