import { NotPersonal, TenantData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How often the messages of a step were opened and their links followed. Nobody is named: it outlives an erasure. */
@Entity('campaign_engagement')
@TenantData()
export class EngagementEntity {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  campaignId!: string;

  @PrimaryColumn('smallint')
  @NotPersonal()
  step!: number;

  @Column('bigint')
  @NotPersonal()
  opens!: string;

  @Column('bigint')
  @NotPersonal()
  openers!: string;

  @Column('bigint')
  @NotPersonal()
  clicks!: string;

  @Column('bigint')
  @NotPersonal()
  clickers!: string;

  @Column('bigint')
  @NotPersonal()
  automatedOpens!: string;

  @Column('bigint')
  @NotPersonal()
  automatedClicks!: string;
}
