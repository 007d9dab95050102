import { NotPersonal, TenantData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a member changed of the tenant's rules and forms. Under the id that it has in the audit log. */
@Entity('change_entry')
@TenantData()
export class ChangeEntryRow {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  entryId!: string;

  @Column('text')
  @NotPersonal()
  actorId!: string;

  @Column('text')
  @NotPersonal()
  action!: string;

  @Column('uuid')
  @NotPersonal()
  aboutId!: string;

  /** JSON of the contract's message; empty: there was none. */
  @Column('text')
  @NotPersonal()
  before!: string;

  @Column('text')
  @NotPersonal()
  after!: string;

  @Column('timestamptz')
  @NotPersonal()
  at!: Date;
}
