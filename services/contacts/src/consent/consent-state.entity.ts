import { NotPersonal, SubjectData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What the ledger says now. */
@Entity('consent_state')
@SubjectData({ subject: 'contact_id', onErasure: 'delete' })
export class ConsentStateRow {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  contactId!: string;

  @PrimaryColumn('text')
  @NotPersonal()
  channel!: string;

  @PrimaryColumn('text')
  @NotPersonal()
  purpose!: string;

  @PrimaryColumn('text')
  @NotPersonal()
  sender!: string;

  @Column('text')
  @NotPersonal()
  state!: string;

  @Column('uuid')
  @NotPersonal()
  entryId!: string;

  @Column('bigint')
  @NotPersonal()
  epoch!: string;

  @Column('timestamptz')
  @NotPersonal()
  saidAt!: Date;

  @Column('timestamptz')
  @NotPersonal()
  since!: Date;
}
