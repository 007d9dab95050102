import { asItWas, NotPersonal, Personal, SubjectData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** That a step of a campaign has written to this address. */
@Entity('campaign_copy')
@SubjectData({ subject: 'contact_id', onErasure: 'delete', onCorrection: asItWas('record_of_contact') })
export class CopyEntity {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  campaignId!: string;

  @PrimaryColumn('smallint')
  @NotPersonal()
  step!: number;

  /** Keyed hash of the address. */
  @PrimaryColumn('bytea')
  @Personal({ category: 'user.unique_id.pseudonymous', purpose: 'essential.service.operations' })
  endpointHash!: Buffer;

  @Column('uuid')
  @NotPersonal()
  attemptId!: string;

  @Column('uuid')
  contactId!: string;

  @Column('timestamptz')
  @NotPersonal()
  reservedAt!: Date;
}
