import { Injectable } from '@nestjs/common';
import { type privacyV1 } from '@heed/contracts';
import { logSigners, noteOfSize } from './log-signer.store.js';
import { leafData } from './log.store.js';
import { TransparencyLog } from './transparency-log.js';

/** The log's keys, each with what the one before it signed about it: who trusts one can follow to the next. */
@Injectable()
export class ListLogKeys {
  constructor(private readonly log: TransparencyLog) {}

  list(): Promise<privacyV1.LogKey[]> {
    return this.log.reading(async (tx, origin, tree) => {
      const signers = await logSigners(tx, origin);
      const leaves = await leafData(
        tx,
        signers.map(({ addedIndex }) => origin.firstLeaf + addedIndex),
      );
      const keys: privacyV1.LogKey[] = [];
      for (const { vkey, addedIndex, follows } of signers) {
        const size = addedIndex + 1;
        keys.push({
          ...{ vkey, follows: follows ?? '', leafIndex: BigInt(addedIndex) },
          leaf: leaves.get(origin.firstLeaf + addedIndex) ?? Buffer.alloc(0),
          proof: tree.inclusionProof(addedIndex, size),
          checkpoint: (await noteOfSize(tx, origin, size)) ?? '',
        });
      }
      return keys;
    });
  }
}
