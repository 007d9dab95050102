import { NotPersonal, TenantData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { type Channel } from '../contacts/address.js';

/** At most so many contacts in a stretch of time. */
@Entity('frequency_cap')
@TenantData()
export class FrequencyCapRow {
  @PrimaryColumn('uuid')
  tenantId!: string;

  /** Its place in the tenant's list. */
  @PrimaryColumn('smallint')
  @NotPersonal()
  position!: number;

  @Column('text')
  @NotPersonal()
  channel!: Channel | '';

  @Column('text')
  @NotPersonal()
  purpose!: string;

  @Column('integer')
  @NotPersonal()
  most!: number;

  @Column('integer')
  @NotPersonal()
  periodHours!: number;
}
