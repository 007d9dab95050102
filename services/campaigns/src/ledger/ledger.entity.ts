import { NotPersonal, TenantData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Counters: the rows are moved by statements of ledger.store.ts alone. */
@Entity('campaign_ledger')
@TenantData()
export class LedgerEntity {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  campaignId!: string;

  @Column('bigint')
  @NotPersonal()
  audience!: string;

  @Column('bigint')
  @NotPersonal()
  sent!: string;

  @Column('bigint')
  @NotPersonal()
  skipped!: string;

  @Column('bigint')
  @NotPersonal()
  failed!: string;

  @Column('bigint')
  @NotPersonal()
  unknown!: string;

  @Column('bigint')
  @NotPersonal()
  open!: string;

  @Column('bigint')
  @NotPersonal()
  inFlight!: string;

  @Column('bigint')
  @NotPersonal()
  deferred!: string;

  @Column('boolean')
  @NotPersonal()
  ended!: boolean;

  @Column('timestamptz', { nullable: true })
  @NotPersonal()
  deliveriesUntil!: Date | null;

  @Column('timestamptz')
  @NotPersonal()
  changedAt!: Date;
}

/** Of the skipped ones: why. */
@Entity('campaign_skip')
@TenantData()
export class SkipEntity {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  campaignId!: string;

  @PrimaryColumn('text')
  @NotPersonal()
  reason!: string;

  @Column('bigint')
  @NotPersonal()
  n!: string;
}
