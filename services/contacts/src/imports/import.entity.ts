import { NotPersonal, TenantData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { ROW_FAULTS } from './import-row.js';

/** The import of one file: where it stands, and what became of its rows. */
@Entity('import')
@TenantData()
export class ImportRow {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  importId!: string;

  @Column('uuid')
  @NotPersonal()
  listId!: string;

  @Column('text')
  @NotPersonal()
  state!: string;

  @Column('text', { array: true })
  @NotPersonal()
  header!: string[];

  @Column('bigint')
  @NotPersonal()
  rows!: string;

  @Column('bigint')
  @NotPersonal()
  mergedThrough!: string;

  @Column('bigint')
  @NotPersonal()
  accepted!: string;

  @Column('jsonb')
  @NotPersonal({ keys: [...ROW_FAULTS] })
  rejected!: Record<string, number>;

  @Column('bigint')
  @NotPersonal()
  created!: string;

  @Column('bigint')
  @NotPersonal()
  updated!: string;

  @Column('bigint')
  @NotPersonal()
  consents!: string;

  @Column('text', { nullable: true })
  @NotPersonal()
  failureReason!: string | null;

  @Column('timestamptz')
  @NotPersonal()
  createdAt!: Date;

  @Column('timestamptz')
  @NotPersonal()
  receivedAt!: Date;

  @Column('timestamptz', { nullable: true })
  @NotPersonal()
  finishedAt!: Date | null;
}
