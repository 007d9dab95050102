import { In } from 'typeorm';
import { type Tx } from '@heed/postgres';
import { AttachmentEntity, type AttachmentHead } from './attachment.entity.js';

export async function insertAttachments(tx: Tx, attachments: readonly AttachmentEntity[]): Promise<void> {
  if (attachments.length > 0) await tx.manager.insert(AttachmentEntity, [...attachments]);
}

/** Of these templates, each one's in order; not a byte of the files is read. */
export async function attachmentHeads(
  tx: Tx,
  templateIds: readonly string[],
): Promise<Map<string, AttachmentHead[]>> {
  const heads = new Map<string, AttachmentHead[]>();
  if (templateIds.length === 0) return heads;
  const found = await tx.manager.find(AttachmentEntity, {
    where: { tenantId: tx.tenantId, templateId: In([...templateIds]) },
    order: { templateId: 'ASC', position: 'ASC' },
  });
  for (const head of found) heads.set(head.templateId, [...(heads.get(head.templateId) ?? []), head]);
  return heads;
}

/** What is in the files of a template, in their order. */
export async function attachmentContents(tx: Tx, templateId: string): Promise<Buffer[]> {
  const rows = await tx.query<{ content: Buffer }>(
    'select content from template_attachment where tenant_id = $1 and template_id = $2 order by position',
    [tx.tenantId, templateId],
  );
  return rows.map(({ content }) => content);
}
