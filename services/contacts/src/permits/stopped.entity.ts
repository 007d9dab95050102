import { NotPersonal, SubjectData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Somebody whom nobody may contact, because a request of theirs is being worked. */
@Entity('stopped')
@SubjectData({ subject: 'contact_id', onErasure: 'delete' })
export class StoppedRow {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  contactId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  requestId!: string;

  @Column('timestamptz')
  @NotPersonal()
  at!: Date;

  /** For as long as the person's data are restricted. */
  @Column('boolean')
  @NotPersonal()
  restricts!: boolean;
}
