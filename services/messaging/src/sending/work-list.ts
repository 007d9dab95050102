import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@heed/postgres';
import { SendingTenantStore } from '../dispatch/sending-tenant.store.js';
import { WorkBell } from '../dispatch/work-bell.js';

/** A tenant whose turn it is, and what had been said about it by then. */
export interface Turn {
  tenantId: string;
  rings: number;
}

/** Tenants that may have attempts waiting, in turn: one that sends a million does not keep another waiting. */
@Injectable()
export class WorkList {
  private readonly tenants = new Map<string, number>();
  private added: () => void = () => undefined;

  constructor(
    bell: WorkBell,
    private readonly uow: UnitOfWork,
    private readonly known: SendingTenantStore,
  ) {
    bell.onRing((tenantId) => this.add(tenantId));
  }

  onAdded(listener: () => void): void {
    this.added = listener;
  }

  add(tenantId: string): void {
    this.tenants.set(tenantId, (this.tenants.get(tenantId) ?? 0) + 1);
    this.added();
  }

  /** All that ever sent: attempts that became due, and those that another process took in. */
  async look(): Promise<void> {
    const all = await this.uow.runAcross('service', (tx) => this.known.all(tx));
    for (const tenantId of all) if (!this.tenants.has(tenantId)) this.tenants.set(tenantId, 0);
  }

  next(): Turn | undefined {
    const [entry] = this.tenants;
    if (!entry) return undefined;
    const [tenantId, rings] = entry;
    this.tenants.delete(tenantId);
    this.tenants.set(tenantId, rings);
    return { tenantId, rings };
  }

  /** Nothing of it waits now; unless somebody rang since, whom a look at the table may have been too early for. */
  exhausted({ tenantId, rings }: Turn): void {
    if (this.tenants.get(tenantId) === rings) this.tenants.delete(tenantId);
  }
}
