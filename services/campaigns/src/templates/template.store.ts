import { reasonOf, type Tx } from '@heed/postgres';
import { refusal } from '../errors.js';
import { type Channel } from '../campaigns/campaign.js';
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

export interface TemplatePage {
  channel: Channel | undefined;
  nameContains: string;
  after: string | undefined;
  limit: number;
}

/** By time of creation: ids are UUIDv7. */
export function templatesAfter(tx: Tx, page: TemplatePage): Promise<TemplateEntity[]> {
  const { channel, nameContains, after, limit } = page;
  const query = tx.manager
    .createQueryBuilder(TemplateEntity, 'template')
    .where('template.tenant_id = :tenant', { tenant: tx.tenantId });
  if (channel) query.andWhere('template.channel = :channel', { channel });
  if (nameContains)
    query.andWhere('strpos(lower(template.name), lower(:nameContains)) > 0', { nameContains });
  if (after !== undefined) query.andWhere('template.template_id > :after', { after });
  return query.orderBy('template.template_id', 'ASC').limit(limit).getMany();
}
