import { Inject, Injectable } from '@nestjs/common';
import { campaignsV1 } from '@heed/contracts';
import { TellActs } from '@heed/data-rights';
import { CLOCK, invalidArgument, newId, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { RequestReplay } from '@heed/rpc';
import { contactFieldsOf } from '@heed/templates';
import { channelOf } from '../campaigns/channel.js';
import { refusal } from '../errors.js';
import { type AttachmentEntity } from './attachment.entity.js';
import { attachmentViolations, cleanName } from './attachment-rules.js';
import { insertAttachments } from './attachment.store.js';
import { messageOf } from './template-message.js';
import { checked, emailViolations, scriptViolations } from './template-text.js';
import { type TemplateEntity } from './template.entity.js';
import { kindOf, storedVariables, variableViolations } from './template-variables.js';
import { insertTemplate } from './template.store.js';

/** Takes a template that parses, ends, and says who sends it and from where. It never changes afterwards. */
@Injectable()
export class CreateTemplate {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly replay: RequestReplay,
    private readonly audit: TellActs,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async create(
    caller: Caller,
    request: campaignsV1.CreateTemplateRequest,
  ): Promise<campaignsV1.CreateTemplateResponse> {
    const channel = channelOf(request.channel);
    if (!channel) throw refusal('TEMPLATE_CHANNEL_UNSUPPORTED');
    const violations = [
      ...(channel === 'email' ? emailViolations(request) : scriptViolations(request)),
      ...variableViolations(request),
      ...attachmentViolations(channel, request.attachments),
    ];
    if (violations.length > 0) throw invalidArgument(...violations);
    const own = { kind: kindOf(request.kind), variables: storedVariables(request.variables) };
    const contactFields = contactFieldsOf(checked(channel, { ...request, ...own }));
    const content = campaignsV1.CreateTemplateRequest.encode(request).finish();
    return this.uow.run(caller.tenantId, (tx) =>
      this.replay.once(
        tx,
        caller,
        request.requestId,
        content,
        campaignsV1.CreateTemplateResponse,
        async () => {
          const { requestId: _, attachments: files, ...text } = request;
          const template = {
            ...text,
            ...own,
            ...{ tenantId: tx.tenantId, templateId: newId(), channel, contactFields },
            language: channel === 'voice' ? text.language || 'en' : '',
            createdAt: this.clock.now(),
          };
          await insertTemplate(tx, template);
          const attachments = attached(template, files);
          await insertAttachments(tx, attachments);
          await this.audit.tell(tx, caller, template.templateId);
          return { template: messageOf(template, attachments) };
        },
      ),
    );
  }
}

function attached(
  { tenantId, templateId }: Pick<TemplateEntity, 'tenantId' | 'templateId'>,
  files: readonly campaignsV1.NewAttachment[],
): AttachmentEntity[] {
  return files.map(({ name, contentType, content }, index) => ({
    ...{ tenantId, templateId, position: index + 1, name: cleanName(name), contentType },
    ...{ size: content.length, content },
  }));
}
