import { NotPersonal, TenantData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { type RotationState } from './rotation.js';

/** A rotation of the key of a tenant's suppression list. */
@Entity('suppression_rotation')
@TenantData()
export class SuppressionRotationRow {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  rotationId!: string;

  @Column('smallint')
  @NotPersonal()
  keyVersion!: number;

  @Column('text')
  @NotPersonal()
  state!: RotationState;

  /** Bigints, which the driver gives as text. */
  @Column('bigint')
  @NotPersonal()
  formed!: string;

  @Column('bigint')
  @NotPersonal()
  lifted!: string;

  @Column('timestamptz')
  @NotPersonal()
  begunAt!: Date;

  @Column('timestamptz', { nullable: true })
  @NotPersonal()
  endedAt!: Date | null;
}
