import { Injectable } from '@nestjs/common';
import { campaignsV1 } from '@heed/contracts';
import { isDomainError } from '@heed/kernel';
import { RpcClients, type Client } from '@heed/rpc';
import { parseTemplate, type ParsedTemplate } from '@heed/templates';

import { languageOf, type Language } from '../speech/languages.js';

export interface CallScript {
  template: ParsedTemplate;
  language: Language;
}

/** Templates never change, so they are fetched once; this many are kept. */
const MOST_KEPT = 100;

/** What campaigns have their calls say. */
@Injectable()
export class CallScripts {
  private readonly client: Client<campaignsV1.TemplatesServiceService>;
  private readonly kept = new Map<string, CallScript>();

  constructor(rpc: RpcClients) {
    this.client = rpc.of(campaignsV1.TemplatesServiceService, 'campaigns');
  }

  /** Undefined where there is none that could be said: unknown, or not to be parsed. */
  async find(tenantId: string, templateId: string): Promise<CallScript | undefined> {
    const key = `${tenantId} ${templateId}`;
    const kept = this.kept.get(key) ?? (await this.fetch(tenantId, templateId));
    if (!kept) return undefined;
    // Moved to the end: the first of a Map is the one that was not asked for for longest.
    this.kept.delete(key);
    this.kept.set(key, kept);
    if (this.kept.size > MOST_KEPT) this.kept.delete(this.kept.keys().next().value!);
    return kept;
  }

  private async fetch(tenantId: string, templateId: string): Promise<CallScript | undefined> {
    try {
      const { template } = await this.client.getTemplate(
        { templateId, attachmentContents: false },
        { tenantId, timeoutMs: 2_000 },
      );
      if (!template) return undefined;
      const { subject, textBody, htmlBody, senderName, postalAddress } = template;
      return {
        template: parseTemplate({ subject, textBody, htmlBody, senderName, postalAddress }),
        language: languageOf(template.language),
      };
    } catch (error) {
      if (isDomainError(error) && (error.kind === 'not-found' || error.kind === 'invalid-argument')) {
        return undefined;
      }
      throw error;
    }
  }
}
