import { asItWas, NotPersonal, Personal, SubjectData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { type Notice } from './requester.js';

/** Where somebody who asked wants to be answered. */
@Entity('requester')
@SubjectData({ subject: 'requester_id', onErasure: 'delete', onCorrection: asItWas('request_as_received') })
export class RequesterRow {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  requesterId!: string;

  @Column('uuid')
  @NotPersonal()
  requestId!: string;

  @Column('bytea')
  @Personal({ category: 'user.contact.email', purpose: 'essential.legal_obligation', sealed: true })
  address!: Buffer;
}

/** That they are to be told something by mail. */
@Entity('requester_notice')
@SubjectData({ subject: 'requester_id', onErasure: 'delete' })
export class RequesterNoticeRow {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  messageId!: string;

  @Column('uuid')
  requesterId!: string;

  @Column('text')
  @NotPersonal()
  notice!: Notice;

  @Column('timestamptz')
  @NotPersonal()
  requestedAt!: Date;

  @Column('timestamptz')
  @NotPersonal()
  expiresAt!: Date;
}
