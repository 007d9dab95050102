import { NotPersonal, SubjectData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An opt-out that one message may confirm: by this attempt, until then. */
@Entity('opt_out_confirmation')
@SubjectData({ subject: 'contact_id', onErasure: 'delete' })
export class OptOutConfirmationRow {
  @PrimaryColumn('uuid')
  tenantId!: string;

  /** The opt-out. */
  @PrimaryColumn('uuid')
  @NotPersonal()
  entryId!: string;

  @Column('uuid')
  contactId!: string;

  @Column('uuid')
  @NotPersonal()
  attemptId!: string;

  @Column('timestamptz')
  @NotPersonal()
  dueAt!: Date;

  @Column('timestamptz')
  @NotPersonal()
  confirmBy!: Date;
}
