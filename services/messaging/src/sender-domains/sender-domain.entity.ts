import { NotPersonal, TenantData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { type DomainState } from './sender-domain.js';

/** A domain that a tenant sends from. */
@Entity('sender_domain')
@TenantData()
export class SenderDomainEntity {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  senderDomainId!: string;

  @Column('text')
  @NotPersonal()
  domain!: string;

  @Column('text')
  @NotPersonal()
  state!: DomainState;

  @Column('text')
  @NotPersonal()
  spf!: string;

  @Column('text')
  @NotPersonal()
  dkim!: string;

  @Column('text')
  @NotPersonal()
  dmarc!: string;

  @Column('timestamptz')
  @NotPersonal()
  createdAt!: Date;

  @Column('timestamptz', { nullable: true })
  @NotPersonal()
  checkedAt!: Date | null;

  @Column('timestamptz', { nullable: true })
  @NotPersonal()
  verifiedAt!: Date | null;

  @Column('timestamptz')
  @NotPersonal()
  nextCheckAt!: Date;
}
