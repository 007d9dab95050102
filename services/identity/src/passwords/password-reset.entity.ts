import { NotPersonal, SubjectData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('password_reset')
@SubjectData({ subject: 'member_id', onErasure: 'delete' })
export class PasswordResetEntity {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  resetId!: string;

  @Column('uuid')
  memberId!: string;

  @Column('bytea')
  @NotPersonal()
  tokenHash!: Buffer;

  @Column('timestamptz')
  @NotPersonal()
  createdAt!: Date;

  @Column('timestamptz')
  @NotPersonal()
  expiresAt!: Date;

  @Column('timestamptz', { nullable: true })
  @NotPersonal()
  usedAt!: Date | null;
}
