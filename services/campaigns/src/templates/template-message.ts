import { type campaignsV1 } from '@heed/contracts';
import { channelCode } from '../campaigns/channel.js';
import { kindCode, variableMessages } from './template-variables.js';
import { type AttachmentHead } from './attachment.entity.js';
import { type TemplateEntity } from './template.entity.js';

export function messageOf(
  { tenantId: _, ...template }: TemplateEntity,
  attachments: readonly AttachmentHead[] = [],
): campaignsV1.Template {
  return {
    ...template,
    channel: channelCode(template.channel),
    kind: kindCode(template.kind),
    variables: variableMessages(template.variables),
    attachments: attachments.map(({ name, contentType, size }) => ({ name, contentType, size })),
    createdAt: template.createdAt.toISOString(),
  };
}
