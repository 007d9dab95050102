import { asItWas, NotPersonal, Personal, SubjectData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What somebody who is erased was reached at: kept sealed until they were searched for by it, some days at most. */
@Entity('search_needle')
@SubjectData({ subject: 'holder_id', onErasure: 'delete', onCorrection: asItWas('search_for_remains') })
export class SearchNeedleRow {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  needleId!: string;

  @Column('uuid')
  holderId!: string;

  @Column('uuid')
  @NotPersonal()
  requestId!: string;

  @Column('uuid')
  @NotPersonal()
  handle!: string;

  @Column('text')
  @NotPersonal()
  channel!: 'email' | 'voice';

  @Column('bytea')
  @Personal({ category: 'user.contact', purpose: 'essential.legal_obligation', sealed: true })
  address!: Buffer;

  @Column('timestamptz')
  @NotPersonal()
  createdAt!: Date;
}
