import { NotPersonal, TenantData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { type TemplateKind } from '@heed/templates';
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

  @Column('text')
  @NotPersonal()
  kind!: TemplateKind;

  /** Of each its name, kind and longest length: template-variables.ts. Their values stand in messages alone. */
  @Column('text', { array: true })
  @NotPersonal()
  variables!: string[];

  @Column('boolean')
  @NotPersonal()
  trackOpens!: boolean;

  @Column('boolean')
  @NotPersonal()
  trackClicks!: boolean;

  /** Of a script alone. */
  @Column('text')
  @NotPersonal()
  language!: string;

  @Column('timestamptz')
  @NotPersonal()
  createdAt!: Date;
}
