import { Injectable } from '@nestjs/common';
import { campaignsV1 } from '@heed/contracts';
import { isDomainError } from '@heed/kernel';
import { RpcClients, type Client } from '@heed/rpc';
import {
  parseTemplate,
  type ParsedTemplate,
  type TemplateSource,
  type TemplateVariable,
  type VariableKind,
} from '@heed/templates';
import { compileMail, type MailForm } from '../mime/mail-form.js';
import { TrackingLinks } from '../tracking/tracking-links.js';

export interface CampaignTemplate {
  parsed: ParsedTemplate;
  /** For who agreed to be tracked; undefined where the template does not ask for it. */
  tracked: ParsedTemplate | undefined;
  sender: { name: string; address: string };
  form: MailForm;
  /** Variables whose values are not kept with the message. */
  secrets?: readonly string[];
}

/** Templates never change, so they are fetched once. This many are kept: a parsed one takes some 50 KB. */
const MOST_KEPT = 200;
/** And so many bytes of attachments, 4 MiB a template at most. */
const MOST_BYTES = 64 * 1024 * 1024;

@Injectable()
export class CampaignTemplates {
  private readonly client: Client<campaignsV1.TemplatesServiceService>;
  private readonly kept = new Map<string, CampaignTemplate>();

  constructor(
    rpc: RpcClients,
    private readonly links: TrackingLinks,
  ) {
    this.client = rpc.of(campaignsV1.TemplatesServiceService, 'campaigns');
  }

  /** Undefined where there is none that could be sent: unknown, or not to be parsed. */
  async find(tenantId: string, templateId: string): Promise<CampaignTemplate | undefined> {
    const key = `${tenantId} ${templateId}`;
    const known = this.kept.get(key);
    const kept = known ?? (await this.fetch(tenantId, templateId));
    if (!kept) return undefined;
    // Moved to the end: the first of a Map is the one that was not asked for for longest.
    this.kept.delete(key);
    this.kept.set(key, kept);
    if (!known) this.forgetOldest();
    return kept;
  }

  private forgetOldest(): void {
    let bytes = Array.from(this.kept.values(), bytesOf).reduce((sum, more) => sum + more, 0);
    for (const [key, template] of this.kept) {
      if (this.kept.size <= MOST_KEPT && (bytes <= MOST_BYTES || this.kept.size === 1)) return;
      this.kept.delete(key);
      bytes -= bytesOf(template);
    }
  }

  private async fetch(tenantId: string, templateId: string): Promise<CampaignTemplate | undefined> {
    try {
      const { template, attachmentContents } = await this.client.getTemplate(
        { templateId, attachmentContents: true },
        { tenantId, timeoutMs: 2_000 },
      );
      if (!template) return undefined;
      const attachments = template.attachments.map(({ name: file, contentType }, index) => ({
        ...{ name: file, contentType, content: attachmentContents[index]! },
      }));
      const { senderName: name, senderAddress: address } = template;
      const sender = { name, address };
      const form = compileMail({ sender, hasHtml: template.htmlBody !== '', attachments });
      const source = sourceOf(template);
      const htmlBody = await this.links.compile(tenantId, template);
      const tracked = htmlBody === undefined ? undefined : parseTemplate({ ...source, htmlBody });
      return { parsed: parseTemplate(source), tracked, sender, form };
    } catch (error) {
      if (isDomainError(error) && (error.kind === 'not-found' || error.kind === 'invalid-argument')) {
        return undefined;
      }
      throw error;
    }
  }
}

function bytesOf({ form }: CampaignTemplate): number {
  return form.tail?.length ?? 0;
}

const { TEMPLATE_KIND_TRANSACTIONAL } = campaignsV1.TemplateKind;

const KINDS = new Map<campaignsV1.VariableKind, VariableKind>([
  [campaignsV1.VariableKind.VARIABLE_KIND_TEXT, 'text'],
  [campaignsV1.VariableKind.VARIABLE_KIND_CODE, 'code'],
  [campaignsV1.VariableKind.VARIABLE_KIND_NUMBER, 'number'],
  [campaignsV1.VariableKind.VARIABLE_KIND_DATE, 'date'],
  [campaignsV1.VariableKind.VARIABLE_KIND_LINK, 'link'],
]);

function sourceOf(template: campaignsV1.Template): TemplateSource {
  const { kind, variables, ...text } = template;
  return {
    ...text,
    kind: kind === TEMPLATE_KIND_TRANSACTIONAL ? 'transactional' : 'marketing',
    // A kind that a newer campaigns knows and we do not is held to the narrowest.
    variables: variables.map(({ name, kind: code, maxLength }): TemplateVariable => {
      return { name, kind: KINDS.get(code) ?? 'code', maxLength };
    }),
  };
}
