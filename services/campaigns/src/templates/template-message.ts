import { type campaignsV1 } from '@heed/contracts';
import { channelCode } from '../campaigns/channel.js';
import { type TemplateEntity } from './template.entity.js';

export function messageOf({ tenantId: _, ...template }: TemplateEntity): campaignsV1.Template {
  return {
    ...template,
    channel: channelCode(template.channel),
    createdAt: template.createdAt.toISOString(),
  };
}
