import { asItWas, NotPersonal, Personal, SubjectData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * A row of a file between its receipt and its merge: seconds, and a day at most. `contact_id` is the id that the person
 * gets if they prove new. Whoever is erased meanwhile is found by the hashes (erasure/erase-addresses.ts).
 */
@Entity('import_row')
@SubjectData({ subject: 'contact_id', onErasure: 'delete', onCorrection: asItWas('file_as_received') })
export class StagedRow {
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

  @Column('text', { nullable: true })
  @Personal({ category: 'user.contact.email', purpose: 'collect' })
  email!: string | null;

  @Column('text', { nullable: true })
  @Personal({ category: 'user.unique_id.pseudonymous', purpose: 'collect' })
  emailHash!: string | null;

  @Column('text', { nullable: true })
  @Personal({ category: 'user.contact.phone_number', purpose: 'collect' })
  phone!: string | null;

  @Column('text', { nullable: true })
  @Personal({ category: 'user.unique_id.pseudonymous', purpose: 'collect' })
  phoneHash!: string | null;

  @Column('text', { nullable: true })
  @Personal({ category: 'user.name.first', purpose: 'collect' })
  firstName!: string | null;

  @Column('text', { nullable: true })
  @Personal({ category: 'user.name.last', purpose: 'collect' })
  lastName!: string | null;

  @Column('text', { nullable: true })
  @Personal({ category: 'user.contact.address.country', purpose: 'collect' })
  country!: string | null;

  @Column('text', { nullable: true })
  @Personal({ category: 'user.privacy_preferences', purpose: 'collect' })
  consents!: string | null;

  @Column('text', { array: true })
  @Personal({ category: 'user.unique_id.pseudonymous', purpose: 'collect' })
  hashes!: string[];

  @Column('text', { nullable: true })
  @NotPersonal()
  fault!: string | null;

  @Column('text', { nullable: true })
  @NotPersonal()
  faultColumns!: string | null;

  @Column('text')
  @Personal({ category: 'user', purpose: 'collect' })
  cells!: string;
}
