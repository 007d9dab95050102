import { asItWas, NotPersonal, Personal, SubjectData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What somebody typed into a form, and nobody has confirmed yet. The contact is whoever they become. */
@Entity('sign_up')
@SubjectData({ subject: 'contact_id', onErasure: 'delete', onCorrection: asItWas('record_of_consent') })
export class SignUpRow {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  signUpId!: string;

  @Column('uuid')
  contactId!: string;

  @Column('uuid')
  @NotPersonal()
  signUpFormId!: string;

  @Column('bytea')
  @Personal({ category: 'user.unique_id.pseudonymous', purpose: 'functional.storage.privacy_preferences' })
  endpointHash!: Buffer;

  @Column('bytea')
  @Personal({ category: 'user.contact.email', purpose: 'marketing.communications', sealed: true })
  sealed!: Buffer;

  @Column('integer')
  @NotPersonal()
  wordingVersion!: number;

  @Column('uuid')
  @NotPersonal()
  attemptId!: string;

  @Column('integer')
  @NotPersonal()
  mails!: number;

  @Column('timestamptz')
  @NotPersonal()
  mailedAt!: Date;

  @Column('timestamptz')
  @NotPersonal()
  signedUpAt!: Date;

  @Column('timestamptz')
  @NotPersonal()
  expiresAt!: Date;
}
