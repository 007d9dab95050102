import { asItWas, NotPersonal, Personal, SubjectData, TenantData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('list')
@TenantData()
export class List {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @NotPersonal()
  @PrimaryColumn('uuid')
  listId!: string;

  @NotPersonal()
  @Column('text')
  name!: string;
}

@Entity('endpoint')
@SubjectData({ subject: 'contact_id', onErasure: 'delete', onCorrection: 'correct' })
export class Endpoint {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @NotPersonal()
  @PrimaryColumn('uuid')
  endpointId!: string;

  @Column('uuid')
  contactId!: string;

  @Personal({ category: 'user.contact.email', purpose: 'marketing.communications.email' })
  @Column('text')
  address!: string;
}

@Entity('message')
@SubjectData({
  subject: 'contact_id',
  also: 'agent_id',
  onErasure: 'anonymise',
  onCorrection: asItWas('message_as_sent'),
})
export class Message {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @NotPersonal()
  @PrimaryColumn('uuid')
  messageId!: string;

  @Column('uuid', { nullable: true })
  contactId!: string | null;

  @Column('uuid', { nullable: true })
  agentId!: string | null;

  @Personal({ category: 'user.content.private', purpose: 'marketing.communications' })
  @Column('text', { nullable: true })
  body!: string | null;

  @Personal({
    keys: {
      subject: { category: 'user.content.private', purpose: 'marketing.communications' },
      channel: 'not-personal',
    },
  })
  @Column('jsonb', { nullable: true })
  details!: { subject?: string; channel?: string } | null;

  @NotPersonal()
  @PrimaryColumn('timestamptz')
  at!: Date;
}
