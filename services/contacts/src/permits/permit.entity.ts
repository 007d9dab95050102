import { asItWas, NotPersonal, Personal, SubjectData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Leave that was given once. Written before the sender learns the address. */
@Entity('permit')
@SubjectData({ subject: 'contact_id', onErasure: 'delete', onCorrection: asItWas('record_of_contact') })
export class PermitRow {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  permitId!: string;

  @PrimaryColumn('timestamptz')
  @NotPersonal()
  day!: Date;

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
  contactId!: string;

  @Column('uuid')
  @NotPersonal()
  endpointId!: string;

  @Column('bytea')
  @Personal({ category: 'user.unique_id.pseudonymous', purpose: 'essential.legal_obligation' })
  endpointHash!: Buffer;

  @Column('bytea')
  @Personal({ category: 'user.unique_id.pseudonymous', purpose: 'essential.legal_obligation' })
  addressSalt!: Buffer;

  @Column('text')
  @NotPersonal()
  channel!: string;

  @Column('text')
  @NotPersonal()
  purpose!: string;

  /** Who was to write or call. */
  @Column('text')
  @NotPersonal()
  sender!: string;

  /** Null where it rests on a contract or a law. */
  @Column('uuid', { nullable: true })
  @NotPersonal()
  consentEntryId!: string | null;

  @Column('text')
  @NotPersonal()
  ruleVersion!: string;

  @Column('integer')
  @NotPersonal()
  lifetimeMs!: number;

  @Column('text')
  @NotPersonal()
  issuedTo!: string;

  /** When its sender gave the place back that it had under a cap. */
  @Column('timestamptz', { nullable: true })
  @NotPersonal()
  returnedAt!: Date | null;
}
