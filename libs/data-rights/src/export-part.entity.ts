import { asItWas, NotPersonal, Personal, SubjectData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A piece of what was collected for an access request, until privacy has fetched it. */
@Entity({ schema: 'heed', name: 'export_part' })
@SubjectData({ subject: 'subject_id', onErasure: 'delete', onCorrection: asItWas('copy_handed_out') })
export class ExportPart {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  orderId!: string;

  @PrimaryColumn('int')
  @NotPersonal()
  partNo!: number;

  @PrimaryColumn('int')
  @NotPersonal()
  chunkNo!: number;

  @Column('uuid')
  subjectId!: string;

  @Column('text')
  @NotPersonal()
  store!: string;

  @Column('text')
  @NotPersonal()
  mediaType!: string;

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
