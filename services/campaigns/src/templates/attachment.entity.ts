import { NotPersonal, TenantData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A file of an organisation that goes with every message of a template, the same for everybody. */
@Entity('template_attachment')
@TenantData()
export class AttachmentEntity {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  templateId!: string;

  /** From 1. */
  @PrimaryColumn('smallint')
  @NotPersonal()
  position!: number;

  @Column('text')
  @NotPersonal()
  name!: string;

  @Column('text')
  @NotPersonal()
  contentType!: string;

  @Column('integer')
  @NotPersonal()
  size!: number;

  /** Read only where it is asked for by name. */
  @Column('bytea', { select: false })
  @NotPersonal()
  content!: Buffer;
}

/** What is said of it. */
export type AttachmentHead = Omit<AttachmentEntity, 'content'>;
