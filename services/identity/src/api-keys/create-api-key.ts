import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { identityV1, permissionsOf } from '@heed/contracts';
import { CLOCK, invalidArgument, newId, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { RequestReplay } from '@heed/rpc';
import { TellAudit } from '../audit/tell-audit.js';
import { refusal } from '../errors.js';
import { memberById } from '../members/member.store.js';
import { messageOf } from './api-key-message.js';
import { writeApiKey } from './api-key-text.js';
import { KEPT_MS, MOST_KEYS, scopeViolations } from './api-key.js';
import { forgetEnded, insertApiKey, lockApiKeys, usableKeys } from './api-key.store.js';

/** A key for a program of the tenant's. Its text is in the answer and nowhere else. */
@Injectable()
export class CreateApiKey {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly replay: RequestReplay,
    private readonly audit: TellAudit,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async create(
    caller: Caller,
    request: identityV1.CreateApiKeyRequest,
  ): Promise<identityV1.CreateApiKeyResponse> {
    const expiresAt = expiryOf(request.expiresAt, this.clock.now());
    const content = identityV1.CreateApiKeyRequest.encode(request).finish();
    return this.uow.run(caller.tenantId, (tx) =>
      this.replay.once(tx, caller, request.requestId, content, identityV1.CreateApiKeyResponse, () =>
        this.make(tx, caller, request, expiresAt),
      ),
    );
  }

  private async make(
    tx: Tx,
    caller: Caller,
    { name, scopes }: identityV1.CreateApiKeyRequest,
    expiresAt: Date | null,
  ): Promise<identityV1.CreateApiKeyResponse> {
    // From the row, not from the token: a role that was taken away since gives nothing to a key.
    const { memberId, roles } = await memberById(tx, caller.actorId);
    const violations = scopeViolations(scopes, permissionsOf(roles));
    if (violations.length > 0) throw invalidArgument(...violations);
    const at = this.clock.now();
    await lockApiKeys(tx);
    await forgetEnded(tx, new Date(at.getTime() - KEPT_MS));
    if ((await usableKeys(tx, at)) >= MOST_KEYS) throw refusal('API_KEYS_TOO_MANY');
    const apiKeyId = newId();
    const { text, hash: secretHash } = writeApiKey(tx.tenantId, apiKeyId, randomBytes(32));
    const row = {
      ...{ apiKeyId, memberId, name, scopes, secretHash, expiresAt, createdAt: at },
      ...{ lastUsedAt: null, revokedAt: null },
    };
    await insertApiKey(tx, row);
    await this.audit.tell(tx, caller, apiKeyId);
    return { apiKey: messageOf({ tenantId: tx.tenantId, ...row }, at), key: text };
  }
}

function expiryOf(text: string, now: Date): Date | null {
  if (text === '') return null;
  const at = new Date(text);
  if (!/^\d{4}-\d\d-\d\dT/.test(text) || Number.isNaN(at.getTime())) {
    throw invalidArgument({ field: 'expires_at', reason: 'NOT_A_TIME' });
  }
  if (at.getTime() <= now.getTime()) throw invalidArgument({ field: 'expires_at', reason: 'IN_THE_PAST' });
  return at;
}
