import { asItWas, NotPersonal, Personal, SubjectData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Somebody who is not written to although contacts may not know of it: heard and not yet recorded, or in doubt. */
@Entity('deny')
@SubjectData({ subject: 'contact_id', onErasure: 'delete', onCorrection: asItWas('objection') })
export class DenyEntity {
  @PrimaryColumn('uuid')
  tenantId!: string;

  /** The mail that it was heard by. */
  @PrimaryColumn('uuid')
  @NotPersonal()
  mailId!: string;

  @Column('uuid')
  contactId!: string;

  @Column('bytea', { nullable: true })
  @Personal({ category: 'user.unique_id.pseudonymous', purpose: 'functional.storage.privacy_preferences' })
  endpointHash!: Buffer | null;

  @Column('text')
  @NotPersonal()
  reason!: string;

  @Column('timestamptz')
  @NotPersonal()
  heardAt!: Date;

  @Column('timestamptz', { nullable: true })
  @NotPersonal()
  endsAt!: Date | null;
}
