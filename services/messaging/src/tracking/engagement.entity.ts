import { asItWas, NotPersonal, Personal, SubjectData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { type AutomatedReason, type EngagementKind, type Evidence } from './engagement.js';

const behaviour = { category: 'user.behavior', purpose: 'analytics.reporting.campaign_insights' } as const;
const device = { category: 'user.device', purpose: 'analytics.reporting.campaign_insights' } as const;

/** That a message was opened or a link of it followed, by a person or a machine; `HEED_TRACKING_KEEP_DAYS`. */
@Entity('engagement')
@SubjectData({ subject: 'contact_id', onErasure: 'delete', onCorrection: asItWas('record_of_contact') })
export class EngagementEntity {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  engagementId!: string;

  @Column('uuid')
  @NotPersonal()
  attemptId!: string;

  @Column('uuid')
  contactId!: string;

  @Column('uuid', { nullable: true })
  @NotPersonal()
  campaignId!: string | null;

  @Column('smallint')
  @NotPersonal()
  step!: number;

  @Column('text')
  @Personal(behaviour)
  kind!: EngagementKind;

  @Column('smallint')
  @Personal(behaviour)
  link!: number;

  @Column('smallint')
  @NotPersonal()
  links!: number;

  @Column('text')
  @Personal(device)
  evidence!: Evidence;

  @Column('text')
  @Personal(device)
  reason!: AutomatedReason;

  @Column('timestamptz')
  @Personal(behaviour)
  occurredAt!: Date;

  @Column('timestamptz')
  @NotPersonal()
  expiresAt!: Date;
}
