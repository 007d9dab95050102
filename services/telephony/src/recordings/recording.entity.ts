import { NotPersonal, SubjectData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { type RecordingState } from './recording.js';

@Entity('recording')
@SubjectData({ subject: 'contact_id', onErasure: 'delete' })
export class RecordingEntity {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  callId!: string;

  @Column('uuid')
  contactId!: string;

  @Column('text')
  @NotPersonal()
  state!: RecordingState;

  @Column('text')
  @NotPersonal()
  reason!: string;

  /** Of the WAV file, not of its seal. */
  @Column('integer', { nullable: true })
  @NotPersonal()
  bytes!: number | null;

  @Column('timestamptz')
  @NotPersonal()
  expectedAt!: Date;

  @Column('timestamptz', { nullable: true })
  @NotPersonal()
  storedAt!: Date | null;
}
