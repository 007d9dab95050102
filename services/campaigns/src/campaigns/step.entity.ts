import { NotPersonal, TenantData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { type Outcome } from '../ledger/ledger.js';
import { type Channel } from './campaign.js';

/** What a campaign sends to whom: the people of the list, or those with whom another step came to such an end. */
@Entity('campaign_step')
@TenantData()
export class StepEntity {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  campaignId!: string;

  @PrimaryColumn('smallint')
  @NotPersonal()
  step!: number;

  @Column('text')
  @NotPersonal()
  channel!: Channel;

  @Column('uuid')
  @NotPersonal()
  templateId!: string;

  @Column('integer')
  @NotPersonal()
  ratePerSecond!: number;

  @Column('smallint', { nullable: true })
  @NotPersonal()
  follows!: number | null;

  @Column('text', { array: true })
  @NotPersonal()
  outcomes!: Outcome[];

  @Column('text', { array: true })
  @NotPersonal()
  reasons!: string[];

  @Column('bigint', { transformer: { from: Number, to: (value: number) => value } })
  @NotPersonal()
  delaySeconds!: number;

  @Column('bigint', {
    nullable: true,
    transformer: {
      from: (text: string | null) => (text === null ? null : Number(text)),
      to: (value: number | null) => value,
    },
  })
  @NotPersonal()
  bouncedWithinSeconds!: number | null;
}
