import { NotPersonal, SubjectData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('refresh_token')
@SubjectData({ subject: 'member_id', onErasure: 'delete' })
export class RefreshTokenEntity {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('bytea')
  @NotPersonal()
  tokenHash!: Buffer;

  @Column('uuid')
  @NotPersonal()
  sessionId!: string;

  @Column('uuid')
  memberId!: string;

  @Column('timestamptz')
  @NotPersonal()
  issuedAt!: Date;

  @Column('timestamptz')
  @NotPersonal()
  expiresAt!: Date;

  @Column('timestamptz', { nullable: true })
  @NotPersonal()
  usedAt!: Date | null;
}
