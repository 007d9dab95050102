import { NotPersonal, Personal, SubjectData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A person in a tenant's lists. The id is also their subject id, everywhere. */
@Entity('contact')
@SubjectData({ subject: 'contact_id', onErasure: 'delete', onCorrection: 'correct' })
export class ContactRow {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  contactId!: string;

  @Column('text', { nullable: true })
  @Personal({ category: 'user.name.first', purpose: 'marketing.communications' })
  firstName!: string | null;

  @Column('text', { nullable: true })
  @Personal({ category: 'user.name.last', purpose: 'marketing.communications' })
  lastName!: string | null;

  @Column('text', { nullable: true })
  @Personal({ category: 'user.contact.address.country', purpose: 'marketing.communications' })
  country!: string | null;

  @Column('text')
  @NotPersonal()
  source!: string;

  /** What the person had corrected themselves, by name: no file changes it again. */
  @Column('text', { array: true })
  @NotPersonal()
  corrected!: string[];

  @Column('timestamptz')
  @NotPersonal()
  createdAt!: Date;

  @Column('timestamptz')
  @NotPersonal()
  updatedAt!: Date;
}
