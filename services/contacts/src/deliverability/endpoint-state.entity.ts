import { NotPersonal, SubjectData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Whether mail reaches an address, as senders heard it. No row: nothing was heard. */
@Entity('endpoint_state')
@SubjectData({ subject: 'contact_id', onErasure: 'delete' })
export class EndpointStateRow {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  endpointId!: string;

  @Column('uuid')
  contactId!: string;

  @Column('text')
  @NotPersonal()
  state!: string;

  @Column('text')
  @NotPersonal()
  reason!: string;

  @Column('integer')
  @NotPersonal()
  failures!: number;

  @Column('timestamptz')
  @NotPersonal()
  heardAt!: Date;
}
