import { Injectable } from '@nestjs/common';
import { type datarightsV1 } from '@heed/contracts';
import { type AcrossTx } from '@heed/postgres';
import { type GrowingTree } from './growing-tree.js';
import { leafData } from './log.store.js';
import { LogKeyRing, signerOf } from './log-signers.js';
import { logSigners, noteOfSize } from './log-signer.store.js';
import { allOrigins, type LogOrigin } from './log-origin.store.js';
import { TransparencyLog } from './transparency-log.js';

/** The latest checkpoint, with all that a witness needs to see that it may follow the one that it remembers. */
@Injectable()
export class LogOffer {
  constructor(
    private readonly log: TransparencyLog,
    private readonly keys: LogKeyRing,
  ) {}

  /** From the size that the witness remembers; 0 where that is not known. */
  async from(oldSize: number): Promise<datarightsV1.WitnessCheckpointRequest> {
    const { size, note, origin, tree } = await this.log.checkpoint();
    return this.log.reading(async (tx) => {
      const signers = await logSigners(tx, origin);
      const { vkey } = this.keys.under(origin.name).of(signerOf(signers, size));
      return {
        ...{ vkey, checkpoint: note, oldSize: BigInt(oldSize) },
        proof: oldSize <= size ? tree.consistencyProof(oldSize, size) : [],
        keyChanges: await this.keyChanges(tx),
        ...(origin.number > 1 ? await beginning(tx, origin, tree, size) : NOT_BEGUN_ANEW),
      };
    });
  }

  /** Of all origins: a witness may remember the one before. */
  private async keyChanges(tx: AcrossTx): Promise<datarightsV1.WitnessedKeyChange[]> {
    const changes: datarightsV1.WitnessedKeyChange[] = [];
    for (const origin of await allOrigins(tx)) {
      const signers = (await logSigners(tx, origin)).filter(({ follows }) => follows !== null);
      if (signers.length === 0) continue;
      const tree = await this.log.treeOf(tx, origin);
      for (const { addedIndex } of signers) {
        const at = origin.firstLeaf + addedIndex;
        changes.push({
          leaf: (await leafData(tx, [at])).get(at) ?? Buffer.alloc(0),
          proof: tree.inclusionProof(addedIndex, addedIndex + 1),
          checkpoint: (await noteOfSize(tx, origin, addedIndex + 1)) ?? '',
        });
      }
    }
    return changes;
  }
}

const NOT_BEGUN_ANEW = { firstLeaf: Buffer.alloc(0), firstLeafProof: [] };

async function beginning(tx: AcrossTx, { firstLeaf: at }: LogOrigin, tree: GrowingTree, size: number) {
  const firstLeaf = (await leafData(tx, [at])).get(at) ?? Buffer.alloc(0);
  return { firstLeaf, firstLeafProof: tree.inclusionProof(0, size) };
}
