import { NotPersonal, TenantData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * An address that must stay silent, as a keyed hash: nobody can read it back, one can only ask about an address that one
 * has. It outlives the erasure of the person, by their own wish, so it names no subject.
 * LAW: GDPR 21(3): data is no longer processed for direct marketing; keeping this hash is how that is complied with.
 */
@Entity('suppression')
@TenantData()
export class SuppressionRow {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('bytea')
  @NotPersonal()
  endpointHash!: Buffer;

  @PrimaryColumn('text')
  @NotPersonal()
  reason!: 'opt_out' | 'erased' | 'listed';

  @PrimaryColumn('text')
  @NotPersonal()
  channel!: string;

  @PrimaryColumn('text')
  @NotPersonal()
  purpose!: string;

  @PrimaryColumn('text')
  @NotPersonal()
  sender!: string;

  @Column('smallint')
  @NotPersonal()
  normaliser!: number;

  @Column('timestamptz')
  @NotPersonal()
  at!: Date;

  /** Why, in a word, as whoever brought the list says. */
  @Column('text')
  @NotPersonal()
  stated!: string;
}
