import { NotPersonal, Personal, SubjectData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { type Channel } from './address.js';

/** An address of one person on one channel. Immutable. */
@Entity('endpoint')
@SubjectData({ subject: 'contact_id', onErasure: 'delete', onCorrection: 'special' })
export class EndpointRow {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  endpointId!: string;

  @Column('uuid')
  contactId!: string;

  @Column('text')
  @NotPersonal()
  channel!: Channel;

  @Column('text')
  @Personal({ category: 'user.contact', purpose: 'marketing.communications' })
  address!: string;

  @Column('bytea')
  @Personal({ category: 'user.unique_id.pseudonymous', purpose: 'functional.storage.privacy_preferences' })
  endpointHash!: Buffer;

  /** Every hash under which the suppression list may hold the address. Null: the first alone. */
  @Column('bytea', { array: true })
  @Personal({ category: 'user.unique_id.pseudonymous', purpose: 'functional.storage.privacy_preferences' })
  forms!: Buffer[] | null;

  /** Of which keys and rules the forms are. */
  @Column('integer')
  @NotPersonal()
  formed!: number;

  @Column('smallint')
  @NotPersonal()
  normaliser!: number;

  @Column('timestamptz')
  @NotPersonal()
  createdAt!: Date;
}
