import { type campaignsV1 } from '@heed/contracts';
import { channelCode } from '../campaigns/channel.js';
import { kindCode, variableMessages } from './template-variables.js';
import { type TemplateEntity } from './template.entity.js';

export function messageOf({ tenantId: _, ...template }: TemplateEntity): campaignsV1.Template {
  return {
    ...template,
    channel: channelCode(template.channel),
    kind: kindCode(template.kind),
    variables: variableMessages(template.variables),
    createdAt: template.createdAt.toISOString(),
  };
}
