import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS } from '@heed/config';
import { type Issuer } from '@heed/permits';
import { parseTemplate } from '@heed/templates';
import { compileMail } from '../mime/mail-form.js';
import { type CampaignTemplate } from '../sending/campaign-templates.js';
import { type MessagingSettings } from '../settings.js';
import { NOTICE_TEXTS, noticeTemplateId, type NoticeText } from './notice-texts.js';

const SENDER_NAME = 'Heed';
/** Where a campaign's mail has the postal address of who advertises. */
const BELOW = 'Sent because of an account or a request of yours. Nobody reads answers to this address.';

/** Fixed texts, ready to be filled. No tenant can change them, and no attempt that another issuer answers for has them. */
@Injectable()
export class NoticeTemplates {
  private readonly ready: ReadonlyMap<string, CampaignTemplate>;

  constructor(@Inject(SETTINGS) settings: Pick<MessagingSettings, 'HEED_NOTICE_FROM' | 'HEED_SMTP_NAME'>) {
    const address = settings.HEED_NOTICE_FROM ?? `no-reply@${settings.HEED_SMTP_NAME}`;
    this.ready = new Map(
      NOTICE_TEXTS.map((text) => [keyOf(text.issuer, noticeTemplateId(text.notice)), made(text, address)]),
    );
  }

  find(issuer: Issuer, templateId: string): CampaignTemplate | undefined {
    return this.ready.get(keyOf(issuer, templateId));
  }
}

function keyOf(issuer: Issuer, templateId: string): string {
  return `${issuer} ${templateId}`;
}

function made({ source, variables, secrets }: NoticeText, address: string): CampaignTemplate {
  const sender = { name: SENDER_NAME, address };
  return {
    parsed: parseTemplate({
      ...{ ...source, kind: 'transactional', variables },
      ...{ senderName: SENDER_NAME, postalAddress: BELOW },
    }),
    tracked: undefined,
    sender,
    form: compileMail({ sender, hasHtml: true }),
    secrets,
  };
}
