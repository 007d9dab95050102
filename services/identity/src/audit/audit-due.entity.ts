import { NotPersonal, TenantData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Something that the audit log is to be told. Waits here until privacy has taken it; ids only. */
@Entity('audit_due')
@TenantData()
export class AuditDueEntity {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  entryId!: string;

  @Column('uuid')
  @NotPersonal()
  actorId!: string;

  @Column('text')
  @NotPersonal()
  action!: string;

  /** The key or the member that it was done to. */
  @Column('uuid')
  @NotPersonal()
  aboutId!: string;

  @Column('timestamptz')
  @NotPersonal()
  at!: Date;
}
