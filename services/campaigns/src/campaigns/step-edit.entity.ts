import { NotPersonal, TenantData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Who changed what of a step before it reached anybody. Ids only. */
@Entity('step_edit')
@TenantData()
export class StepEditEntity {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  campaignId!: string;

  @PrimaryColumn('integer')
  @NotPersonal()
  revision!: number;

  @Column('smallint')
  @NotPersonal()
  step!: number;

  @Column('text', { array: true })
  @NotPersonal()
  fields!: string[];

  @Column('uuid')
  @NotPersonal()
  templateBefore!: string;

  @Column('text')
  @NotPersonal()
  actorId!: string;

  @Column('timestamptz')
  @NotPersonal()
  editedAt!: Date;
}
