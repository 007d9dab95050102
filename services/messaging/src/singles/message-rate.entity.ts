import { NotPersonal, TenantData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How many single messages a tenant has asked for in the minute that it last asked in. */
@Entity('message_rate')
@TenantData()
export class MessageRateEntity {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @Column('timestamptz')
  @NotPersonal()
  minute!: Date;

  @Column('integer')
  @NotPersonal()
  taken!: number;
}
