import { NotPersonal, TenantData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { type Channel } from '../campaigns/campaign.js';

/** Texts of an organisation, before anybody's values are put in. The sender is the organisation's own address. */
@Entity('template')
@TenantData()
export class TemplateEntity {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  templateId!: string;

  @Column('text')
  @NotPersonal()
  name!: string;

  @Column('text')
  @NotPersonal()
  channel!: Channel;

  @Column('text')
  @NotPersonal()
  subject!: string;

  @Column('text')
  @NotPersonal()
  textBody!: string;

  @Column('text')
  @NotPersonal()
  htmlBody!: string;

  @Column('text')
  @NotPersonal()
  senderName!: string;

  @Column('text')
  @NotPersonal()
  senderAddress!: string;

  @Column('text')
  @NotPersonal()
  postalAddress!: string;

  @Column('text', { array: true })
  @NotPersonal()
  contactFields!: string[];

  @Column('timestamptz')
  @NotPersonal()
  createdAt!: Date;
}
