import { NotPersonal, SubjectData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('invitation')
@SubjectData({ subject: 'member_id', onErasure: 'delete' })
export class InvitationEntity {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  invitationId!: string;

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
  acceptedAt!: Date | null;
}
