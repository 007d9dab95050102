import { randomBytes } from 'node:crypto';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DueWork, type DueItem } from '@heed/data-rights';
import { canonicalJson, CLOCK, leafHash, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { TransparencyLog } from '../log/transparency-log.js';
import { anchorStatement } from './audit-chain.js';
import { chainHead, fixAnchor, setLeaf, type Anchor } from './audit-anchor.store.js';
import { ANCHOR } from './record-access.js';

/**
 * Puts the end of a tenant's chain into the transparency log, a while after entries were added: whoever writes the
 * whole chain anew from there on would have to make the log forget, which its witnesses would see.
 */
@Injectable()
export class AnchorChain implements OnModuleInit {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly due: DueWork,
    private readonly log: TransparencyLog,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.due.serve(ANCHOR, (item) => this.anchor(item));
  }

  private async anchor(item: DueItem): Promise<void> {
    const anchor = await this.uow.run(item.tenantId, async (tx): Promise<Anchor | undefined> => {
      const head = await chainHead(tx);
      if (!head || head.seq === 0n) return undefined;
      const statement = anchorStatement(item.tenantId, head, this.clock.now());
      // Written down before the leaf: of a leaf whose statement is lost nobody could say what it says.
      return fixAnchor(tx, { seq: head.seq, statement, salt: randomBytes(32) });
    });
    // Killed before the index is written down, it is appended once more: the first leaf then says nothing to anybody.
    const [leaf] = anchor && anchor.leaf === null ? await this.log.append([leafOf(anchor)]) : [];
    await this.uow.run(item.tenantId, async (tx) => {
      if (anchor && leaf !== undefined) await setLeaf(tx, anchor.seq, leaf);
      await item.done(tx);
    });
  }
}

function leafOf({ statement, salt }: Anchor): Buffer {
  const commitment = leafHash(Buffer.concat([salt, statement])).toString('base64');
  return Buffer.from(canonicalJson({ commitment, type: 'audit_head' }));
}
