import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { campaignsV1 } from '@heed/contracts';
import { type Caller } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { FromCaller, readPage } from '@heed/rpc';
import { channelOf } from '../campaigns/channel.js';
import { CreateTemplate } from './create-template.js';
import { attachmentContents, attachmentHeads } from './attachment.store.js';
import { messageOf } from './template-message.js';
import { itemsOf } from '../campaigns/review-items.js';
import { mailBytes } from './mail-bytes.js';
import { preview } from './template-text.js';
import { type TemplateEntity } from './template.entity.js';
import { templateById, templatesAfter } from './template.store.js';

@Controller()
@campaignsV1.TemplatesServiceControllerMethods()
export class TemplatesGrpc implements campaignsV1.TemplatesServiceController {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly creating: CreateTemplate,
  ) {}

  createTemplate(
    @Payload() request: campaignsV1.CreateTemplateRequest,
    @FromCaller() caller: Caller,
  ): Promise<campaignsV1.CreateTemplateResponse> {
    return this.creating.create(caller, request);
  }

  async getTemplate(
    @Payload() { templateId, attachmentContents: wanted }: campaignsV1.GetTemplateRequest,
    @FromCaller() caller: Caller,
  ): Promise<campaignsV1.GetTemplateResponse> {
    return this.uow.run(caller.tenantId, async (tx) => {
      const template = await templateById(tx, templateId);
      const heads = (await attachmentHeads(tx, [templateId])).get(templateId) ?? [];
      const contents = wanted && heads.length > 0 ? await attachmentContents(tx, templateId) : [];
      return { template: messageOf(template, heads), attachmentContents: contents };
    });
  }

  async listTemplates(
    @Payload() request: campaignsV1.ListTemplatesRequest,
    @FromCaller() caller: Caller,
  ): Promise<campaignsV1.ListTemplatesResponse> {
    const filter = { channel: channelOf(request.channel), nameContains: request.nameContains };
    return this.uow.run(caller.tenantId, async (tx) => {
      const { rows, nextPageToken } = await readPage(
        request,
        { of: (template: TemplateEntity) => template.templateId },
        (after, limit) => templatesAfter(tx, { ...filter, after, limit }),
      );
      const ids = rows.map(({ templateId }) => templateId);
      const heads = await attachmentHeads(tx, ids);
      const templates = rows.map((template) => messageOf(template, heads.get(template.templateId)));
      return { templates, nextPageToken };
    });
  }

  async previewTemplate(
    @Payload() { templateId, sample }: campaignsV1.PreviewTemplateRequest,
    @FromCaller() caller: Caller,
  ): Promise<campaignsV1.PreviewTemplateResponse> {
    const [template, heads] = await this.uow.run(
      caller.tenantId,
      async (tx) =>
        [
          await templateById(tx, templateId),
          (await attachmentHeads(tx, [templateId])).get(templateId) ?? [],
        ] as const,
    );
    const { subject, text, html = '' } = preview(template.channel, template, sample);
    const isMail = template.channel === 'email';
    const items = template.kind === 'transactional' ? [] : itemsOf(template);
    return {
      ...{
        subject,
        textBody: text,
        htmlBody: html,
        reviewItems: items.map((item) => ({ step: 0, ...item })),
      },
      mailBytes: isMail ? mailBytes([text, html], heads) : 0,
    };
  }

  private read(caller: Caller, templateId: string): Promise<TemplateEntity> {
    return this.uow.run(caller.tenantId, (tx) => templateById(tx, templateId));
  }
}
