import { NotPersonal, SubjectData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('list_member')
@SubjectData({ subject: 'contact_id', onErasure: 'delete' })
export class ListMemberRow {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  listId!: string;

  @PrimaryColumn('uuid')
  contactId!: string;

  @Column('timestamptz')
  @NotPersonal()
  addedAt!: Date;
}
