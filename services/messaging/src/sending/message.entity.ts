import { asItWas, NotPersonal, Personal, SubjectData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What was written to a person: subject, text and HTML as JSON, sealed under their key. */
@Entity('message')
@SubjectData({ subject: 'contact_id', onErasure: 'delete', onCorrection: asItWas('record_of_contact') })
export class MessageEntity {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  attemptId!: string;

  @Column('uuid')
  contactId!: string;

  @Column('bytea')
  @Personal({
    category: 'user.content.private',
    purpose: 'marketing.communications.email',
    sealed: true,
  })
  content!: Buffer;

  @Column('timestamptz')
  @NotPersonal()
  writtenAt!: Date;
}
