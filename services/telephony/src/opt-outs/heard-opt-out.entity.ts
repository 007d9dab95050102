import { NotPersonal, SubjectData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('heard_opt_out')
@SubjectData({ subject: 'contact_id', onErasure: 'delete' })
export class HeardOptOutEntity {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  heardId!: string;

  @Column('uuid')
  @NotPersonal()
  callId!: string;

  @Column('uuid')
  contactId!: string;

  @Column('uuid', { nullable: true })
  @NotPersonal()
  endpointId!: string | null;

  /** Null where the telephone said it by a status. */
  @Column('text', { nullable: true })
  @NotPersonal()
  key!: string | null;

  /** With which it answered the call; null where a key was pressed. */
  @Column('smallint', { nullable: true })
  @NotPersonal()
  sipStatus!: number | null;

  @Column('timestamptz')
  @NotPersonal()
  heardAt!: Date;
}
