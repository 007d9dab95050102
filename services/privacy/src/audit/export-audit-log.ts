import { Inject, Injectable } from '@nestjs/common';
import { canonicalJson, CLOCK, newId, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { TransparencyLog } from '../log/transparency-log.js';
import { anchorsBetween, type Anchored } from './audit-anchor.store.js';
import { entryBytes } from './audit-chain.js';
import { entriesAfter } from './audit.store.js';
import { RecordAccess } from './record-access.js';

const PAGE = 500;

/** The audit log as a file: canonical JSON, a line for each entry and for each proof (docs/certificate.md). */
@Injectable()
export class ExportAuditLog {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly log: TransparencyLog,
    private readonly recording: RecordAccess,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async *export({ tenantId, actorId, method: action }: Caller): AsyncGenerator<Buffer> {
    const entry = { entryId: newId(), at: this.clock.now(), actorId, action, service: 'privacy' };
    await this.recording.record(tenantId, [entry]);
    await this.recording.chainNow(tenantId);
    // Taken first: what is written while the file is made stands in the next one.
    const { size, note, origin, tree } = await this.log.checkpoint();
    yield line({ audit: 'heed/v1', checkpoint: note, tenant: tenantId });
    let after = 0n;
    for (let full = true; full;) {
      const { entries, anchors } = await this.uow.run(tenantId, async (tx) => {
        const page = await entriesAfter(tx, after, PAGE);
        return {
          entries: page,
          anchors: await anchorsBetween(tx, after, page.at(-1)?.seq ?? after, origin.firstLeaf, size),
        };
      });
      after = entries.at(-1)?.seq ?? after;
      full = entries.length === PAGE;
      // A proof stands behind the entries that it is about: whoever verifies need not remember them.
      const proofs = new Map(
        anchors.map((anchor) => [anchor.seq, proofOf(anchor, tree.inclusionProof(anchor.leaf, size))]),
      );
      const lines = entries.flatMap((each) => [
        entryBytes(each, tenantId, each.seq),
        NEWLINE,
        proofs.get(each.seq) ?? NOTHING,
      ]);
      if (lines.length > 0) yield Buffer.concat(lines);
    }
  }
}

function proofOf({ statement, salt, leaf }: Anchored, proof: readonly Buffer[]): Buffer {
  return line({
    leaf,
    proof: proof.map((hash) => hash.toString('base64')),
    salt: salt.toString('base64'),
    statement: statement.toString('base64'),
  });
}

const NOTHING = Buffer.alloc(0);
const NEWLINE = Buffer.from('\n');

function line(value: object): Buffer {
  return Buffer.from(`${canonicalJson(value)}\n`);
}
