import { asItWas, NotPersonal, Personal, SubjectData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A refused row, as it came, so that whoever sent the file can mend it. Seven days. Never of somebody erased. */
@Entity('import_reject')
@SubjectData({ subject: 'contact_id', onErasure: 'delete', onCorrection: asItWas('file_as_received') })
export class ImportRejectRow {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  importId!: string;

  @PrimaryColumn('bigint')
  @NotPersonal()
  row!: string;

  @Column('bigint')
  @NotPersonal()
  line!: string;

  @Column('uuid')
  contactId!: string;

  @Column('text')
  @NotPersonal()
  reason!: string;

  @Column('text')
  @NotPersonal()
  columns!: string;

  @Column('text', { array: true })
  @Personal({ category: 'user.unique_id.pseudonymous', purpose: 'collect' })
  hashes!: string[];

  @Column('text')
  @Personal({ category: 'user', purpose: 'collect' })
  cells!: string;

  @Column('timestamptz')
  @NotPersonal()
  at!: Date;
}
