import { NotPersonal, TenantData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

const bigint = { from: (text: string) => BigInt(text), to: (value: bigint) => value };

/** Who saw or did what: ids, a name and a time. It stays when the person goes; by then the id leads nowhere. */
@Entity('audit_entry')
@TenantData()
export class AuditEntryEntity {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('bigint', { transformer: bigint })
  @NotPersonal()
  seq!: bigint;

  @Column('uuid')
  @NotPersonal()
  entryId!: string;

  @Column('timestamptz')
  @NotPersonal()
  at!: Date;

  @Column('text')
  @NotPersonal()
  actorId!: string;

  @Column('text')
  @NotPersonal()
  action!: string;

  @Column('uuid', { nullable: true })
  @NotPersonal()
  subjectId!: string | null;

  @Column('text')
  @NotPersonal()
  service!: string;

  @Column('bytea')
  @NotPersonal()
  hash!: Buffer;
}

/** An entry that is not chained yet. */
@Entity('audit_pending')
@TenantData()
export class AuditPendingEntity {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  entryId!: string;

  @Column('bigint', { transformer: bigint })
  @NotPersonal()
  no!: bigint;

  @Column('timestamptz')
  @NotPersonal()
  at!: Date;

  @Column('text')
  @NotPersonal()
  actorId!: string;

  @Column('text')
  @NotPersonal()
  action!: string;

  @Column('uuid', { nullable: true })
  @NotPersonal()
  subjectId!: string | null;

  @Column('text')
  @NotPersonal()
  service!: string;
}

/** The end of a tenant's chain. */
@Entity('audit_head')
@TenantData()
export class AuditHeadEntity {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @Column('bigint', { transformer: bigint })
  @NotPersonal()
  seq!: bigint;

  @Column('bytea')
  @NotPersonal()
  hash!: Buffer;
}

/** How long a tenant's chain was, as committed to in the log. */
@Entity('audit_anchor')
@TenantData()
export class AuditAnchorEntity {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('bigint', { transformer: bigint })
  @NotPersonal()
  seq!: bigint;

  @Column('bytea')
  @NotPersonal()
  statement!: Buffer;

  @Column('bytea')
  @NotPersonal()
  salt!: Buffer;

  @Column('bigint', { nullable: true })
  @NotPersonal()
  leaf!: string | null;
}
