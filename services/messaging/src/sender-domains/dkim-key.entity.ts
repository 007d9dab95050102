import { NotPersonal, TenantData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { type DkimAlgorithm } from '../dkim/dkim.js';

/** A key that signs for a domain, its private half under the master key. */
@Entity('dkim_key')
@TenantData()
export class DkimKeyEntity {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  dkimKeyId!: string;

  @Column('uuid')
  @NotPersonal()
  senderDomainId!: string;

  @Column('text')
  @NotPersonal()
  algorithm!: DkimAlgorithm;

  @Column('text')
  @NotPersonal()
  selector!: string;

  @Column('text')
  @NotPersonal()
  publicKey!: string;

  @Column('bytea', { nullable: true })
  @NotPersonal()
  privateKey!: Buffer | null;

  @Column('text')
  @NotPersonal()
  masterKeyId!: string;

  @Column('boolean')
  @NotPersonal()
  isPublished!: boolean;

  @Column('timestamptz')
  @NotPersonal()
  createdAt!: Date;

  @Column('timestamptz', { nullable: true })
  @NotPersonal()
  retiredAt!: Date | null;
}
