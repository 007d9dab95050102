import { NotPersonal, Personal, SubjectData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { type MemberState } from './member.js';

@Entity('member')
@SubjectData({ subject: 'member_id', onErasure: 'delete', onCorrection: 'correct' })
export class MemberEntity {
  @PrimaryColumn('uuid')
  tenantId!: string;

  /** Also the subject id of the person. */
  @PrimaryColumn('uuid')
  memberId!: string;

  @Column('text')
  @Personal({ category: 'user.contact.email', purpose: 'essential.service.authentication' })
  email!: string;

  @Column('text')
  @Personal({ category: 'user.name', purpose: 'essential.service' })
  name!: string;

  @Column('text', { array: true })
  @NotPersonal()
  roles!: string[];

  @Column('text')
  @NotPersonal()
  state!: MemberState;

  @Column('text', { nullable: true })
  @Personal({ category: 'user.authorization.password', purpose: 'essential.service.authentication' })
  passwordHash!: string | null;

  @Column('integer')
  @NotPersonal()
  failedSignIns!: number;

  @Column('timestamptz', { nullable: true })
  @NotPersonal()
  lockedUntil!: Date | null;

  @Column('timestamptz')
  @NotPersonal()
  createdAt!: Date;

  @Column('timestamptz')
  @NotPersonal()
  updatedAt!: Date;
}
