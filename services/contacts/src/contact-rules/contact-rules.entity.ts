import { NotPersonal, TenantData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Which version of its own rules a tenant has. The rules: frequency_cap and contact_hours. */
@Entity('contact_rules')
@TenantData()
export class ContactRulesRow {
  @PrimaryColumn('uuid')
  tenantId!: string;

  /** A bigint, which the driver gives as text. */
  @Column('bigint')
  @NotPersonal()
  version!: string;

  /** How opt-outs were heard that are confirmed. */
  @Column('text', { array: true })
  @NotPersonal()
  confirmSources!: string[];

  @Column('smallint')
  @NotPersonal()
  confirmWithinMinutes!: number;

  @Column('text')
  @NotPersonal()
  confirmLanguage!: string;

  @Column('timestamptz')
  @NotPersonal()
  updatedAt!: Date;
}
