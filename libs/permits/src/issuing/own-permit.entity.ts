import { asItWas, NotPersonal, Personal, SubjectData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Leave that an issuer gave once to reach one of its own people. Written before the sender learns the address. */
@Entity('permit')
@SubjectData({ subject: 'subject_id', onErasure: 'delete', onCorrection: asItWas('record_of_contact') })
export class OwnPermitRow {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  permitId!: string;

  @Column('timestamptz')
  @NotPersonal()
  issuedAt!: Date;

  @Column('uuid')
  @NotPersonal()
  attemptId!: string;

  @Column('bytea')
  @NotPersonal()
  nonce!: Buffer;

  @Column('uuid')
  subjectId!: string;

  @Column('bytea')
  @Personal({ category: 'user.unique_id.pseudonymous', purpose: 'essential.legal_obligation' })
  addressSalt!: Buffer;

  @Column('text')
  @NotPersonal()
  purpose!: string;

  @Column('uuid')
  @NotPersonal()
  restsOn!: string;

  @Column('text')
  @NotPersonal()
  ruleVersion!: string;

  @Column('integer')
  @NotPersonal()
  lifetimeMs!: number;

  @Column('text')
  @NotPersonal()
  issuedTo!: string;
}
