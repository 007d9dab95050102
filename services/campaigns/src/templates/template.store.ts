import { reasonOf, type Tx } from '@heed/postgres';
import { MoreThan } from 'typeorm';
import { refusal } from '../errors.js';
import { TemplateEntity } from './template.entity.js';

export async function insertTemplate(tx: Tx, template: TemplateEntity): Promise<void> {
  try {
    await tx.manager.insert(TemplateEntity, template);
  } catch (error) {
    throw reasonOf(error, { template_name_key: 'TEMPLATE_NAME_TAKEN' });
  }
}

export async function templateById(tx: Tx, templateId: string): Promise<TemplateEntity> {
  const found = await tx.manager.findOneBy(TemplateEntity, { tenantId: tx.tenantId, templateId });
  if (!found) throw refusal('TEMPLATE_NOT_FOUND');
  return found;
}

/** By time of creation: ids are UUIDv7. */
export function templatesAfter(
  tx: Tx,
  templateId: string | undefined,
  limit: number,
): Promise<TemplateEntity[]> {
  return tx.manager.find(TemplateEntity, {
    where: { tenantId: tx.tenantId, ...(templateId !== undefined && { templateId: MoreThan(templateId) }) },
    order: { templateId: 'ASC' },
    take: limit,
  });
}
