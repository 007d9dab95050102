import { asItWas, NotPersonal, Personal, SubjectData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What was shown or said when an entry of the ledger came to be. */
@Entity('consent_evidence')
@SubjectData({ subject: 'contact_id', onErasure: 'delete', onCorrection: asItWas('record_of_consent') })
export class ConsentEvidenceRow {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  entryId!: string;

  @Column('uuid')
  contactId!: string;

  @Column('bytea')
  @Personal({ category: 'user.privacy_preferences', purpose: 'essential.legal_obligation', sealed: true })
  sealed!: Buffer;

  @Column('timestamptz')
  @NotPersonal()
  at!: Date;
}
