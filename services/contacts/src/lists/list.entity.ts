import { NotPersonal, TenantData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('list')
@TenantData()
export class ListRow {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  listId!: string;

  @Column('text')
  @NotPersonal()
  name!: string;

  @Column('timestamptz')
  @NotPersonal()
  createdAt!: Date;
}
