import { type typesV1 } from '@heed/contracts';
import { type Issuer } from '@heed/permits';
import { logger } from '@heed/telemetry';
import { type Dispatch } from '../dispatch/attempt.js';
import { NOTICE_TEXTS, noticeTemplateId } from './notice-texts.js';

const log = logger({ component: 'notices' });

/** Somebody who is to be told something. */
export interface NoticeAsked {
  messageId: string;
  personId: string;
  notice: typesV1.Notice;
  traceparent: string | undefined;
}

/** The attempt bears the message's id: asked for twice it is one. None for a notice that a newer service knows of. */
export function dispatchOf(
  issuer: Issuer,
  { messageId, personId, notice, traceparent }: NoticeAsked,
): Dispatch[] {
  const text = NOTICE_TEXTS.find((known) => known.notice === notice && known.issuer === issuer);
  if (!text) {
    log.error('a notice that this messaging has no text for is not sent: update messaging', {
      callee: issuer,
    });
    return [];
  }
  return [
    {
      ...{ attemptId: messageId, contactId: personId, issuer, purpose: text.purpose, traceparent },
      ...{ intentId: '', campaignId: '', try: 1, step: 1, deferrals: 0 },
      templateId: noticeTemplateId(notice),
    },
  ];
}
