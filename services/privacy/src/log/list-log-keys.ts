import { Injectable } from '@nestjs/common';
import { type privacyV1 } from '@heed/contracts';
import { UnitOfWork } from '@heed/postgres';
import { logSigners, noteOfSize } from './log-signer.store.js';
import { leafData } from './log.store.js';
import { TransparencyLog } from './transparency-log.js';

/** The log's keys, each with what the one before it signed about it: who trusts one can follow to the next. */
@Injectable()
export class ListLogKeys {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly log: TransparencyLog,
  ) {}

  async list(): Promise<privacyV1.LogKey[]> {
    await this.log.checkpoint();
    return this.uow.runAcross('service', async (tx) => {
      const signers = await logSigners(tx);
      const leaves = await leafData(
        tx,
        signers.map(({ addedIndex }) => addedIndex),
      );
      const keys: privacyV1.LogKey[] = [];
      for (const { vkey, addedIndex, follows } of signers) {
        const size = addedIndex + 1;
        keys.push({
          ...{ vkey, follows: follows ?? '', leafIndex: BigInt(addedIndex) },
          leaf: leaves.get(addedIndex) ?? Buffer.alloc(0),
          proof: this.log.inclusionProof(addedIndex, size),
          checkpoint: (await noteOfSize(tx, size)) ?? '',
        });
      }
      return keys;
    });
  }
}
