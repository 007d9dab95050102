import { asItWas, NotPersonal, Personal, SubjectData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An address that the person gave: sealed under their own key, destroyed with the person and at the request's end. */
@Entity('request_identifier')
@SubjectData({ subject: 'subject_id', onErasure: 'delete', onCorrection: asItWas('request_as_received') })
export class RequestIdentifierRow {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  identifierId!: string;

  @Column('uuid')
  @NotPersonal()
  requestId!: string;

  @Column('uuid')
  @NotPersonal()
  handle!: string;

  @Column('uuid')
  subjectId!: string;

  @Column('text')
  @NotPersonal()
  channel!: 'email' | 'voice';

  @Column('bytea', { nullable: true })
  @Personal({ category: 'user.contact', purpose: 'essential.legal_obligation', sealed: true })
  address!: Buffer | null;
}
