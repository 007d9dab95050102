import { asItWas, NotPersonal, Personal, SubjectData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * That the owner of an address confirmed a consent from there. Until it ended, what was heard from the address before does
 * not stop this person in this scope: they have answered it themselves.
 */
@Entity('sign_up_confirmation')
@SubjectData({ subject: 'contact_id', onErasure: 'delete', onCorrection: asItWas('record_of_consent') })
export class SignUpConfirmationRow {
  @PrimaryColumn('uuid')
  tenantId!: string;

  /** The consent. */
  @PrimaryColumn('uuid')
  @NotPersonal()
  entryId!: string;

  @Column('uuid')
  @NotPersonal()
  signUpId!: string;

  @Column('uuid')
  contactId!: string;

  @Column('uuid')
  @NotPersonal()
  signUpFormId!: string;

  @Column('integer')
  @NotPersonal()
  wordingVersion!: number;

  @Column('bytea')
  @Personal({ category: 'user.unique_id.pseudonymous', purpose: 'functional.storage.privacy_preferences' })
  endpointHash!: Buffer;

  @Column('text')
  @NotPersonal()
  channel!: string;

  @Column('text')
  @NotPersonal()
  purpose!: string;

  @Column('text')
  @NotPersonal()
  sender!: string;

  @Column('timestamptz')
  @NotPersonal()
  signedUpAt!: Date;

  @Column('timestamptz')
  @NotPersonal()
  confirmedAt!: Date;

  /** When somebody said no from the address again. */
  @Column('timestamptz', { nullable: true })
  @NotPersonal()
  endedAt!: Date | null;
}
