import { NotPersonal, SubjectData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('session')
@SubjectData({ subject: 'member_id', onErasure: 'delete' })
export class SessionEntity {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  sessionId!: string;

  @Column('uuid')
  memberId!: string;

  @Column('timestamptz')
  @NotPersonal()
  createdAt!: Date;

  @Column('timestamptz')
  @NotPersonal()
  refreshedAt!: Date;

  @Column('timestamptz')
  @NotPersonal()
  expiresAt!: Date;

  @Column('timestamptz', { nullable: true })
  @NotPersonal()
  endedAt!: Date | null;

  @Column('text', { nullable: true })
  @NotPersonal()
  endedBy!: 'sign_out' | 'reuse' | 'password' | 'restored' | null;
}
