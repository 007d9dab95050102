import { asItWas, NotPersonal, Personal, SubjectData } from '@heed/data-map';
import { type Issuer } from '@heed/permits';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { type DeliveryState } from '../bounces/bounce-class.js';
import { type AttemptState, type Outcome } from './attempt.js';

@Entity('attempt')
@SubjectData({
  subject: 'contact_id',
  onErasure: 'anonymise',
  onCorrection: asItWas('record_of_contact'),
  // Each of these stands in an event or a permit together with the contact.
  anonymiseColumns: [
    'attempt_id',
    'intent_id',
    'permit_id',
    'endpoint_id',
    'consent_entry_id',
    'permit_root',
    'permit_path',
    'permit_signature',
    'traceparent',
  ],
})
export class AttemptEntity {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  rowId!: string;

  @Column('uuid', { nullable: true })
  @NotPersonal()
  attemptId!: string | null;

  @Column('uuid', { nullable: true })
  @NotPersonal()
  intentId!: string | null;

  /** Null for a single message. */
  @Column('uuid', { nullable: true })
  @NotPersonal()
  campaignId!: string | null;

  @Column('uuid', { nullable: true })
  contactId!: string | null;

  /** Who gives leave to write to them: they are its people. */
  @Column('text')
  @NotPersonal()
  issuer!: Issuer;

  @Column('text')
  @NotPersonal()
  purpose!: string;

  @Column('uuid')
  @NotPersonal()
  templateId!: string;

  /** Of a text of our own; empty: English. */
  @Column('text')
  @NotPersonal()
  language!: string;

  @Column('integer')
  @NotPersonal()
  try!: number;

  @Column('smallint')
  @NotPersonal()
  step!: number;

  @Column('integer')
  @NotPersonal()
  deferrals!: number;

  @Column('text')
  @NotPersonal()
  state!: AttemptState;

  @Column('text', { nullable: true })
  @NotPersonal()
  outcome!: Outcome | null;

  @Column('text')
  @NotPersonal()
  reason!: string;

  @Column('timestamptz')
  @NotPersonal()
  queuedAt!: Date;

  @Column('timestamptz')
  @NotPersonal()
  nextAt!: Date;

  @Column('integer')
  @NotPersonal()
  putOff!: number;

  @Column('uuid', { nullable: true })
  @NotPersonal()
  senderId!: string | null;

  @Column('timestamptz', { nullable: true })
  @NotPersonal()
  armedAt!: Date | null;

  @Column('timestamptz', { nullable: true })
  @NotPersonal()
  concludedAt!: Date | null;

  @Column('integer')
  @NotPersonal()
  lateMs!: number;

  @Column('uuid', { nullable: true })
  @NotPersonal()
  permitId!: string | null;

  @Column('uuid', { nullable: true })
  @NotPersonal()
  endpointId!: string | null;

  @Column('uuid', { nullable: true })
  @NotPersonal()
  consentEntryId!: string | null;

  /** Names contact and endpoint, and holds a commitment to the address. */
  @Column('bytea', { nullable: true })
  @Personal({ category: 'user.unique_id.pseudonymous', purpose: 'essential.legal_obligation' })
  permitLeaf!: Buffer | null;

  @Column('integer', { nullable: true })
  @NotPersonal()
  permitLeafIndex!: number | null;

  @Column('integer', { nullable: true })
  @NotPersonal()
  permitTreeSize!: number | null;

  @Column('bytea', { nullable: true })
  @NotPersonal()
  permitPath!: Buffer | null;

  @Column('bytea', { nullable: true })
  @NotPersonal()
  permitRoot!: Buffer | null;

  @Column('bytea', { nullable: true })
  @NotPersonal()
  permitSignature!: Buffer | null;

  @Column('text', { nullable: true })
  @NotPersonal()
  permitKeyId!: string | null;

  /** Leads to spans, which name the contact. */
  @Column('text', { nullable: true })
  @NotPersonal()
  traceparent!: string | null;

  @Column('text', { nullable: true })
  @NotPersonal()
  delivery!: DeliveryState | null;

  @Column('text')
  @NotPersonal()
  deliveryCode!: string;

  @Column('timestamptz', { nullable: true })
  @NotPersonal()
  deliveryAt!: Date | null;

  /** Of the address that was written to. */
  @Column('bytea', { nullable: true })
  @Personal({ category: 'user.unique_id.pseudonymous', purpose: 'functional.storage.privacy_preferences' })
  endpointHash!: Buffer | null;
}
