import { asItWas, NotPersonal, Personal, SubjectData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What somebody said, once, for good. The member who heard it is a second person, cut off by their own erasure. */
@Entity('consent_entry')
@SubjectData({
  subject: 'contact_id',
  also: 'recorded_by',
  onErasure: 'delete',
  onCorrection: asItWas('record_of_consent'),
})
export class ConsentEntryRow {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  entryId!: string;

  @Column('uuid')
  contactId!: string;

  @Column('text')
  @NotPersonal()
  channel!: string;

  @Column('text')
  @NotPersonal()
  purpose!: string;

  @Column('text')
  @NotPersonal()
  sender!: string;

  @Column('text')
  @NotPersonal()
  state!: string;

  @Column('text', { nullable: true })
  @NotPersonal()
  basis!: string | null;

  @Column('text')
  @NotPersonal()
  source!: string;

  @Column('bigint')
  @NotPersonal()
  epoch!: string;

  @Column('timestamptz')
  @NotPersonal()
  saidAt!: Date;

  @Column('timestamptz')
  @NotPersonal()
  recordedAt!: Date;

  @Column('uuid', { nullable: true })
  recordedBy!: string | null;

  @Column('text', { nullable: true })
  @Personal({ category: 'user.privacy_preferences', purpose: 'essential.legal_obligation' })
  origin!: string | null;
}
