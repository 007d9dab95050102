import { asItWas, NotPersonal, Personal, SubjectData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * What an open request corrects, and what it takes the place of: sealed under the person's own key, destroyed with the
 * person and at the request's end.
 */
@Entity('request_correction')
@SubjectData({
  subject: 'subject_id',
  onErasure: 'delete',
  onCorrection: asItWas('request_as_received'),
})
export class RequestCorrectionRow {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  requestId!: string;

  @Column('uuid')
  subjectId!: string;

  @Column('bytea', { nullable: true })
  @Personal({ category: 'user', purpose: 'essential.legal_obligation', sealed: true })
  content!: Buffer | null;
}
