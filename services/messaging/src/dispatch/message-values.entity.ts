import { asItWas, NotPersonal, Personal, SubjectData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a single message brings along beside its template, until it has left: values by name, as JSON, sealed. */
@Entity('message_values')
@SubjectData({ subject: 'contact_id', onErasure: 'delete', onCorrection: asItWas('message_as_asked_for') })
export class MessageValuesEntity {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  attemptId!: string;

  @Column('uuid')
  contactId!: string;

  @Column('bytea')
  @Personal({ category: 'user.content.private', purpose: 'essential.service', sealed: true })
  sealedValues!: Buffer;

  @Column('timestamptz')
  @NotPersonal()
  writtenAt!: Date;
}
