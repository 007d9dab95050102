import { NotPersonal, SubjectData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { type IntentState, type Outcome } from './ledger.js';

/** Anonymising cuts both ids that events carry; the row stays and counts. */
@Entity('intent')
@SubjectData({ subject: 'contact_id', onErasure: 'anonymise', anonymiseColumns: ['intent_id'] })
export class IntentEntity {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  campaignId!: string;

  @PrimaryColumn('bigint')
  @NotPersonal()
  ordinal!: string;

  @Column('uuid', { nullable: true })
  @NotPersonal()
  intentId!: string | null;

  @Column('uuid', { nullable: true })
  contactId!: string | null;

  @Column('smallint')
  @NotPersonal()
  step!: number;

  @Column('text')
  @NotPersonal()
  channel!: string;

  @Column('smallint')
  @NotPersonal()
  try!: number;

  @Column('text')
  @NotPersonal()
  state!: IntentState;

  @Column('text', { nullable: true })
  @NotPersonal()
  outcome!: Outcome | null;

  @Column('text', { nullable: true })
  @NotPersonal()
  reason!: string | null;

  /** Of a deferred one: not before this. */
  @Column('timestamptz', { nullable: true })
  @NotPersonal()
  dueAt!: Date | null;

  /** When its message was heard to have come back for good. */
  @Column('timestamptz', { nullable: true })
  @NotPersonal()
  bouncedAt!: Date | null;

  @Column('smallint')
  @NotPersonal()
  deferrals!: number;

  @Column('timestamptz')
  @NotPersonal()
  updatedAt!: Date;
}
