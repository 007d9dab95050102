import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DueWork, type DueItem } from '@heed/data-rights';
import { CLOCK, newId, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { Sealing } from '@heed/sealing';
import { LOGGER, type Logger } from '@heed/telemetry';
import { AuditTrail } from '../audit/audit-trail.js';
import { refusal } from '../errors.js';
import { FormAddresses } from './form-addresses.js';
import {
  entriesUnderOlderKeys,
  insertRotation,
  lastRotation,
  liftEntries,
  lockRotation,
  saveRotation,
} from './rotation.store.js';
import { type Rotation } from './rotation.js';

const QUEUE = 'suppression-rotation';
const BATCH = 500;

/**
 * Lays another key over the suppression list. Nobody knows the addresses of those who were erased any more: their
 * entries are hashed again as they stand, new = HMAC(new key, old hash), and the old key goes on being needed (ATTACKS
 * 5.6). Durable work, a batch a transaction; killed at any point it goes on where the last commit stands.
 */
@Injectable()
export class RotateKey implements OnModuleInit {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly sealing: Sealing,
    private readonly forming: FormAddresses,
    private readonly due: DueWork,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onModuleInit(): void {
    this.due.serve(QUEUE, (item) => this.step(item));
  }

  async begin(caller: Caller): Promise<Rotation> {
    const { tenantId } = caller;
    const running = await this.last(tenantId);
    if (running && running.state !== 'done') return running;
    const { version, knownBy } = await this.sealing.hashes.prepare(tenantId);
    return this.uow.run(tenantId, async (tx) => {
      const begun = { rotationId: newId(), keyVersion: version, begunAt: this.clock.now() };
      const rotation = await insertRotation(tx, begun);
      await this.audit.tell(tx, caller, rotation.rotationId);
      await this.due.add(tx, QUEUE, [rotation.rotationId], knownBy);
      return rotation;
    });
  }

  async get(tenantId: string): Promise<Rotation> {
    const rotation = await this.last(tenantId);
    if (!rotation) throw refusal('ROTATION_NOT_FOUND');
    return rotation;
  }

  private last(tenantId: string): Promise<Rotation | undefined> {
    return this.uow.run(tenantId, lastRotation);
  }

  private step(item: DueItem): Promise<void> {
    return this.uow.run(item.tenantId, async (tx) => {
      const rotation = await lockRotation(tx, item.ref);
      if (!rotation || rotation.state === 'done') return item.done(tx);
      const { now, next } = await this.moved(tx, rotation);
      await saveRotation(tx, now);
      if (now.state !== 'done') return item.putOff(tx, next);
      tx.afterCommit(() => this.log.info('suppression key rotated', { rows: now.lifted }));
      return item.done(tx);
    });
  }

  /** Where the rotation is one batch later, and when to come again. */
  private async moved(tx: Tx, rotation: Rotation): Promise<{ now: Rotation; next: Date }> {
    const { hashes } = this.sealing;
    const soon = this.clock.now();
    const { keyVersion } = rotation;
    switch (rotation.state) {
      case 'announced':
        return { now: { ...rotation, state: 'forming' }, next: soon };
      case 'forming': {
        const formed = await this.forming.batch(tx);
        if (formed > 0) return { now: { ...rotation, formed: rotation.formed + formed }, next: soon };
        const { writtenBy } = await hashes.open(tx.tenantId, keyVersion);
        return { now: { ...rotation, state: 'opened' }, next: writtenBy };
      }
      case 'opened':
        return { now: { ...rotation, state: 'lifting' }, next: soon };
      default: {
        const olds = await entriesUnderOlderKeys(tx, keyVersion, BATCH);
        if (olds.length === 0) return { now: { ...rotation, state: 'done', endedAt: soon }, next: soon };
        const lifted = await liftEntries(tx, olds, await hashes.lifted(tx.tenantId, olds));
        return { now: { ...rotation, lifted: rotation.lifted + lifted }, next: soon };
      }
    }
  }
}
