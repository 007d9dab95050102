import { NotPersonal, SubjectData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { type Notice } from './notice.js';

/** That a member is to be told something by mail. */
@Entity('member_notice')
@SubjectData({ subject: 'member_id', onErasure: 'delete' })
export class MemberNoticeEntity {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  messageId!: string;

  @Column('uuid')
  memberId!: string;

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
