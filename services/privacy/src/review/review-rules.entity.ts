import { NotPersonal, TenantData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Who must approve, of a tenant that has set rules of review. */
@Entity('review_rules')
@TenantData()
export class ReviewRulesRow {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @Column('boolean')
  @NotPersonal()
  secondPerson!: boolean;

  @Column('timestamptz')
  @NotPersonal()
  updatedAt!: Date;

  @Column('uuid')
  @NotPersonal()
  updatedBy!: string;
}

/** Requests that wait for a member's approval. */
@Entity('review_rule')
@TenantData()
export class ReviewRuleRow {
  @PrimaryColumn('uuid')
  tenantId!: string;

  /** Its place in the tenant's list. */
  @PrimaryColumn('smallint')
  @NotPersonal()
  position!: number;

  @Column('text')
  @NotPersonal()
  askedRight!: string;

  @Column('text')
  @NotPersonal()
  verification!: string;

  @Column('text')
  @NotPersonal()
  intake!: string;
}
