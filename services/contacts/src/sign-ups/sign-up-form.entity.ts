import { NotPersonal, TenantData } from '@heed/data-map';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { type Language } from './languages.js';

/** A form by which people put themselves on a list. */
@Entity('sign_up_form')
@TenantData()
export class SignUpFormRow {
  @PrimaryColumn('uuid')
  tenantId!: string;

  @PrimaryColumn('uuid')
  @NotPersonal()
  signUpFormId!: string;

  @Column('text')
  @NotPersonal()
  name!: string;

  @Column('uuid')
  @NotPersonal()
  listId!: string;

  @Column('text', { array: true })
  @NotPersonal()
  purposes!: string[];

  @Column('text')
  @NotPersonal()
  sender!: string;

  @Column('uuid')
  @NotPersonal()
  templateId!: string;

  @Column('text')
  @NotPersonal()
  wording!: string;

  @Column('integer')
  @NotPersonal()
  wordingVersion!: number;

  @Column('text', { array: true })
  @NotPersonal()
  allowedOrigins!: string[];

  @Column('text')
  @NotPersonal()
  language!: Language;

  @Column('boolean')
  @NotPersonal()
  isOpen!: boolean;

  @Column('timestamptz')
  @NotPersonal()
  createdAt!: Date;
}
