import { asItWas, NotPersonal, Personal, SubjectData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A piece of an access package: sealed under the person's key, kept for days. */
@Entity('package_part')
@SubjectData({ subject: 'subject_id', onErasure: 'delete', onCorrection: asItWas('copy_handed_out') })
export class PackagePartRow {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  requestId!: string;

  @PrimaryColumn('int')
  @NotPersonal()
  fileNo!: number;

  @PrimaryColumn('int')
  @NotPersonal()
  chunkNo!: number;

  @Column('uuid')
  subjectId!: string;

  @Column('text')
  @Personal({ category: 'user.content', purpose: 'essential.legal_obligation' })
  name!: string;

  @Column('bytea', { nullable: true })
  @Personal({ category: 'user', purpose: 'essential.legal_obligation', sealed: true })
  chunk!: Buffer | null;

  @Column('timestamptz')
  @NotPersonal()
  expiresAt!: Date;
}
