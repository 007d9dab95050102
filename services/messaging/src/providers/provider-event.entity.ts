import { NotPersonal, TenantData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A webhook that was taken in: that it was, and not what it said. */
@Entity('provider_event')
@TenantData()
export class ProviderEventEntity {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  providerConnectionId!: string;

  @PrimaryColumn('bytea')
  @NotPersonal()
  eventHash!: Buffer;

  @Column('timestamptz')
  @NotPersonal()
  heardAt!: Date;
}
