import { asItWas, NotPersonal, Personal, SubjectData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('heard_opt_out')
@SubjectData({ subject: 'contact_id', onErasure: 'delete', onCorrection: asItWas('objection') })
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

  /** Null where it was said otherwise. */
  @Column('text', { nullable: true })
  @NotPersonal()
  key!: string | null;

  /** With which their telephone answered the call; null where it was said otherwise. */
  @Column('smallint', { nullable: true })
  @NotPersonal()
  sipStatus!: number | null;

  /** What was understood, and when in the call; null where it was said otherwise. */
  @Column('bytea', { nullable: true })
  @Personal({ category: 'user.content.private', purpose: 'essential.service', sealed: true })
  words!: Buffer | null;

  /** In doubt until then; null where it is a no. */
  @Column('timestamptz', { nullable: true })
  @NotPersonal()
  decideBy!: Date | null;

  @Column('timestamptz')
  @NotPersonal()
  heardAt!: Date;
}
