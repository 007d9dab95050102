import { NotPersonal, TenantData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The counters of one step, moved together with its campaign's; and the pace at which it hands out. */
@Entity('campaign_step_ledger')
@TenantData()
export class StepLedgerEntity {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  campaignId!: string;

  @PrimaryColumn('smallint')
  @NotPersonal()
  step!: number;

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

  @Column('double precision')
  @NotPersonal()
  credit!: number;

  @Column('timestamptz')
  @NotPersonal()
  pacedAt!: Date;

  @Column('timestamptz', { nullable: true })
  @NotPersonal()
  handedOutAt!: Date | null;

  @Column('timestamptz', { nullable: true })
  @NotPersonal()
  editedAt!: Date | null;
}

/** Of the skipped ones of a step: why. */
@Entity('campaign_step_skip')
@TenantData()
export class StepSkipEntity {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  campaignId!: string;

  @PrimaryColumn('smallint')
  @NotPersonal()
  step!: number;

  @PrimaryColumn('text')
  @NotPersonal()
  reason!: string;

  @Column('bigint')
  @NotPersonal()
  n!: string;
}
