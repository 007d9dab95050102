import { asItWas, NotPersonal, Personal, SubjectData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * A mail that came back. Raw and sealed while something is to be read in it: of bounces, complaints and opt-outs until
 * they are handled, of answers for HEED_INBOUND_KEEP_DAYS. The row goes then.
 */
@Entity('inbound_mail')
@SubjectData({
  subject: 'contact_id',
  also: 'decided_by',
  onErasure: 'delete',
  onCorrection: asItWas('mail_as_received'),
})
export class InboundMailEntity {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  mailId!: string;

  @Column('uuid')
  contactId!: string;

  @Column('boolean')
  @NotPersonal()
  isKnown!: boolean;

  @Column('uuid', { nullable: true })
  @NotPersonal()
  attemptId!: string | null;

  @Column('text')
  @NotPersonal()
  addressKind!: string;

  @Column('text')
  @NotPersonal()
  kind!: string;

  @Column('text')
  @NotPersonal()
  channel!: string;

  @Column('text')
  @NotPersonal()
  purpose!: string;

  @Column('text', { nullable: true })
  @NotPersonal()
  delivery!: string | null;

  @Column('text')
  @NotPersonal()
  code!: string;

  @Column('bytea', { nullable: true })
  @Personal({ category: 'user.content.private', purpose: 'essential.service', sealed: true })
  raw!: Buffer | null;

  @Column('timestamptz')
  @NotPersonal()
  receivedAt!: Date;

  @Column('timestamptz')
  @NotPersonal()
  expiresAt!: Date;

  @Column('timestamptz', { nullable: true })
  @NotPersonal()
  handledAt!: Date | null;

  @Column('text', { nullable: true })
  @NotPersonal()
  decision!: string | null;

  @Column('timestamptz', { nullable: true })
  @NotPersonal()
  decidedAt!: Date | null;

  @Column('uuid', { nullable: true })
  decidedBy!: string | null;
}
