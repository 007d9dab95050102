import { NotPersonal, TenantData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { type CampaignState, type Channel, type LabelWaiver } from './campaign.js';

@Entity('campaign')
@TenantData()
export class CampaignEntity {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  campaignId!: string;

  @Column('text')
  @NotPersonal()
  name!: string;

  @Column('uuid')
  @NotPersonal()
  listId!: string;

  @Column('uuid')
  @NotPersonal()
  templateId!: string;

  @Column('text')
  @NotPersonal()
  channel!: Channel;

  @Column('text')
  @NotPersonal()
  purpose!: string;

  @Column('integer')
  @NotPersonal()
  ratePerSecond!: number;

  @Column('bigint', { transformer: { from: (text: string) => BigInt(text), to: (value: bigint) => value } })
  @NotPersonal()
  audienceLimit!: bigint;

  @Column('text')
  @NotPersonal()
  state!: CampaignState;

  @Column('timestamptz')
  @NotPersonal()
  createdAt!: Date;

  @Column('timestamptz', { nullable: true })
  @NotPersonal()
  startedAt!: Date | null;

  @Column('timestamptz', { nullable: true })
  @NotPersonal()
  finishedAt!: Date | null;

  @Column('text', { nullable: true })
  @NotPersonal()
  heldFor!: string | null;

  @Column('text', { nullable: true })
  @NotPersonal()
  approvedBy!: string | null;

  @Column('timestamptz', { nullable: true })
  @NotPersonal()
  startAt!: Date | null;

  @Column('text', { nullable: true })
  @NotPersonal()
  confirmedBy!: string | null;

  @Column('text', { array: true })
  @NotPersonal()
  labelsDue!: string[];

  @Column('text', { nullable: true })
  @NotPersonal()
  labelWaiver!: LabelWaiver | null;

  @Column('integer')
  @NotPersonal()
  revision!: number;
}
