import { Injectable } from '@nestjs/common';
import { type messagingV1 } from '@heed/contracts';
import { timeSpan, type Caller } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { readPage } from '@heed/rpc';
import { type AttemptEntity } from '../dispatch/attempt.entity.js';
import { refusal } from '../errors.js';
import { attemptMessage, outcomeOf, stateOf } from './attempt-message.js';
import { AttemptPageStore } from './attempt-page.store.js';

const HASH_BYTES = 32;

@Injectable()
export class ReadAttempts {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly attempts: AttemptPageStore,
  ) {}

  async get(caller: Caller, attemptId: string): Promise<messagingV1.Attempt> {
    return attemptMessage(await this.row(caller, attemptId));
  }

  async list(
    caller: Caller,
    request: messagingV1.ListAttemptsRequest,
  ): Promise<messagingV1.ListAttemptsResponse> {
    const { campaignId, contactId, reason, queuedAfter, queuedBefore } = request;
    const filter = {
      ...{
        campaignId,
        contactId,
        reason,
        state: stateOf(request.state),
        outcome: outcomeOf(request.outcome),
      },
      queued: timeSpan('queued', queuedAfter, queuedBefore),
    };
    const { rows, nextPageToken } = await this.uow.run(caller.tenantId, (tx) =>
      readPage(request, { of: (row: AttemptEntity) => row.rowId }, (after, limit) =>
        this.attempts.page(tx, filter, after, limit),
      ),
    );
    return { attempts: rows.map(attemptMessage), nextPageToken };
  }

  /** What an auditor needs to see that the attempt had a permit. It names nobody's address. */
  async proof(caller: Caller, attemptId: string): Promise<messagingV1.GetPermitProofResponse> {
    const row = await this.row(caller, attemptId);
    const { permitLeaf: leaf, permitPath, permitRoot: root, permitSignature: signature } = row;
    if (!leaf || !permitPath || !root || !signature) throw refusal('PERMIT_PROOF_NOT_FOUND');
    return {
      ...{ leaf, root, signature },
      path: nodesOf(permitPath),
      leafIndex: row.permitLeafIndex ?? 0,
      treeSize: row.permitTreeSize ?? 0,
      keyId: row.permitKeyId ?? '',
    };
  }

  private async row(caller: Caller, attemptId: string): Promise<AttemptEntity> {
    const row = await this.uow.run(caller.tenantId, (tx) => this.attempts.find(tx, attemptId));
    if (!row) throw refusal('ATTEMPT_NOT_FOUND');
    return row;
  }
}

function nodesOf(path: Buffer): Buffer[] {
  return Array.from({ length: path.length / HASH_BYTES }, (_, index) =>
    path.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES),
  );
}
