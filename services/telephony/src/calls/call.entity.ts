import { asItWas, NotPersonal, Personal, SubjectData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { type CallState, type EndedBy, type Outcome } from './call.js';

@Entity('call')
@SubjectData({
  subject: 'contact_id',
  onErasure: 'anonymise',
  onCorrection: asItWas('record_of_contact'),
  also: 'placed_by',
  // Each of these stands in a permit, at the carrier or in a log together with the contact.
  anonymiseColumns: [
    'call_id',
    'intent_id',
    'traceparent',
    'permit_id',
    'endpoint_id',
    'consent_entry_id',
    'permit_root',
    'permit_path',
    'permit_signature',
  ],
})
export class CallEntity {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  rowId!: string;

  @Column('uuid', { nullable: true })
  @NotPersonal()
  callId!: string | null;

  @Column('uuid', { nullable: true })
  contactId!: string | null;

  @Column('text')
  @NotPersonal()
  purpose!: string;

  @Column('uuid', { nullable: true })
  placedBy!: string | null;

  /** Of the campaign that asked for it; null where a member did. */
  @Column('uuid', { nullable: true })
  @NotPersonal()
  intentId!: string | null;

  @Column('uuid', { nullable: true })
  @NotPersonal()
  campaignId!: string | null;

  @Column('smallint', { nullable: true })
  @NotPersonal()
  step!: number | null;

  @Column('uuid', { nullable: true })
  @NotPersonal()
  templateId!: string | null;

  @Column('integer')
  @NotPersonal()
  deferrals!: number;

  /** Leads to spans, which name the contact. */
  @Column('text', { nullable: true })
  @NotPersonal()
  traceparent!: string | null;

  @Column('boolean')
  @NotPersonal()
  wantsRecording!: boolean;

  @Column('text')
  @NotPersonal()
  state!: CallState;

  @Column('text', { nullable: true })
  @NotPersonal()
  outcome!: Outcome | null;

  /** Of a conversation: who ended it. */
  @Column('text', { nullable: true })
  @NotPersonal()
  endedBy!: EndedBy | null;

  @Column('text')
  @NotPersonal()
  reason!: string;

  @Column('timestamptz')
  @NotPersonal()
  createdAt!: Date;

  @Column('timestamptz', { nullable: true })
  @NotPersonal()
  armedAt!: Date | null;

  @Column('timestamptz', { nullable: true })
  @NotPersonal()
  answeredAt!: Date | null;

  @Column('timestamptz', { nullable: true })
  @NotPersonal()
  endedAt!: Date | null;

  @Column('timestamptz', { nullable: true })
  @NotPersonal()
  announcedAt!: Date | null;

  /** A bigint, which the driver gives as text. */
  @Column('bigint')
  @NotPersonal()
  durationMs!: string;

  @Column('integer')
  @NotPersonal()
  lateMs!: number;

  @Column('text', { nullable: true })
  @NotPersonal()
  hangUp!: string | null;

  @Column('uuid', { nullable: true })
  @NotPersonal()
  permitId!: string | null;

  @Column('uuid', { nullable: true })
  @NotPersonal()
  endpointId!: string | null;

  /** Of the number that was called. */
  @Column('bytea', { nullable: true })
  @Personal({ category: 'user.unique_id.pseudonymous', purpose: 'functional.storage.privacy_preferences' })
  endpointHash!: Buffer | null;

  @Column('uuid', { nullable: true })
  @NotPersonal()
  consentEntryId!: string | null;

  /** Names contact and endpoint, and holds a commitment to the number. */
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
}
