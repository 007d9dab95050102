import { NotPersonal, TenantData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Who said what became of an intent whose outcome was unknown. Ids only. */
@Entity('intent_resolution')
@TenantData()
export class ResolutionEntity {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  campaignId!: string;

  @PrimaryColumn('bigint')
  @NotPersonal()
  ordinal!: string;

  @Column('text')
  @NotPersonal()
  outcome!: 'sent' | 'failed';

  @Column('text')
  @NotPersonal()
  note!: string;

  @Column('text')
  @NotPersonal()
  actorId!: string;

  @Column('timestamptz')
  @NotPersonal()
  resolvedAt!: Date;
}
