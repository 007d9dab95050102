import { NotPersonal, SubjectData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('api_key')
@SubjectData({ subject: 'member_id', onErasure: 'delete' })
export class ApiKeyEntity {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  apiKeyId!: string;

  /** Who made it: the key ends with their account. */
  @Column('uuid')
  memberId!: string;

  /** Of a program, by a pattern in which no address fits. */
  @Column('text')
  @NotPersonal()
  name!: string;

  @Column('bytea')
  @NotPersonal()
  secretHash!: Buffer;

  @Column('text', { array: true })
  @NotPersonal()
  scopes!: string[];

  @Column('timestamptz')
  @NotPersonal()
  createdAt!: Date;

  @Column('timestamptz', { nullable: true })
  @NotPersonal()
  expiresAt!: Date | null;

  @Column('timestamptz', { nullable: true })
  @NotPersonal()
  lastUsedAt!: Date | null;

  @Column('timestamptz', { nullable: true })
  @NotPersonal()
  revokedAt!: Date | null;
}
