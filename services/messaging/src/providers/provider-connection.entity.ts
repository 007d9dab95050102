import { NotPersonal, TenantData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A mail provider that is believed what it signs. */
@Entity('provider_connection')
@TenantData()
export class ProviderConnectionEntity {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  providerConnectionId!: string;

  /** By a pattern in which no address fits. */
  @Column('text')
  @NotPersonal()
  name!: string;

  @Column('integer')
  @NotPersonal()
  secretNumber!: number;

  @Column('timestamptz', { nullable: true })
  @NotPersonal()
  previousUntil!: Date | null;

  @Column('timestamptz')
  @NotPersonal()
  createdAt!: Date;
}
