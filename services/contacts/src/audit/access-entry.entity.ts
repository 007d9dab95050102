import { NotPersonal, TenantData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Somebody saw a contact's addresses in clear. Waits here until privacy's audit log has taken it; ids only. */
@Entity('access_entry')
@TenantData()
export class AccessEntryRow {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  entryId!: string;

  @Column('uuid')
  @NotPersonal()
  contactId!: string;

  @Column('text')
  @NotPersonal()
  actorId!: string;

  @Column('text')
  @NotPersonal()
  action!: string;

  @Column('timestamptz')
  @NotPersonal()
  at!: Date;
}
