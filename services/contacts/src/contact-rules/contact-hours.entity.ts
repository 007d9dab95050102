import { NotPersonal, TenantData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { type Channel } from '../contacts/address.js';

/** Hours in which people may be contacted. */
@Entity('contact_hours')
@TenantData()
export class ContactHoursRow {
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

  @Column('smallint', { array: true })
  @NotPersonal()
  days!: number[];

  @Column('smallint')
  @NotPersonal()
  opensMinute!: number;

  @Column('smallint')
  @NotPersonal()
  closesMinute!: number;

  @Column('text')
  @NotPersonal()
  timeZone!: string;
}
