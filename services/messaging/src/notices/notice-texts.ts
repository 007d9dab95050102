import { typesV1 } from '@heed/contracts';
import { derivedId, NIL_UUID } from '@heed/kernel';
import { type Issuer } from '@heed/permits';
import { type TemplateSource, type TemplateVariable } from '@heed/templates';

/** What Heed itself writes to somebody who is no contact, who knows them, and what for. */
export interface NoticeText {
  notice: typesV1.Notice;
  issuer: Exclude<Issuer, 'contacts'>;
  purpose: string;
  source: Pick<TemplateSource, 'subject' | 'textBody' | 'htmlBody'>;
  variables: readonly TemplateVariable[];
  /** Their values are shown to the person once, and not kept with the message. */
  secrets: readonly string[];
}

const { Notice } = typesV1;
const text = (name: string, maxLength = 200): TemplateVariable => ({ name, kind: 'text', maxLength });
const link: TemplateVariable = { name: 'link', kind: 'link', maxLength: 2_000 };

/** An account's two links differ in what they are for. */
function accountMail(
  notice: typesV1.Notice,
  { subject, says, button, otherwise }: Record<'subject' | 'says' | 'button' | 'otherwise', string>,
): NoticeText {
  return {
    ...{ notice, issuer: 'identity', purpose: 'security', secrets: ['link'] },
    variables: [text('name'), text('tenant'), text('hours', 5), link],
    source: {
      subject,
      textBody:
        `Hello {{ values.name }},\n\n${says}\n\n{{ values.link }}\n\n` +
        `The link works once, within {{ values.hours }} hours. ${otherwise}\n`,
      htmlBody:
        `<p>Hello {{ values.name }},</p><p>${says}</p><p><a href="{{ values.link }}">${button}</a></p>` +
        `<p>The link works once, within {{ values.hours }} hours. ${otherwise}</p>`,
    },
  };
}

/** What a person asked for about their data. Nothing of it is secret, and none of their data stands in it. */
function requestMail(
  notice: typesV1.Notice,
  subject: string,
  says: string,
  more: readonly TemplateVariable[] = [],
): NoticeText {
  return {
    ...{ notice, issuer: 'privacy', purpose: 'request', secrets: [] },
    variables: [text('request', 36), text('what'), text('received', 10), text('due', 10), ...more],
    source: {
      subject,
      textBody: `Hello,\n\n${says}\n\nThe number of your request is {{ values.request }}.\n`,
      htmlBody: `<p>Hello,</p><p>${says}</p><p>The number of your request is {{ values.request }}.</p>`,
    },
  };
}

export const NOTICE_TEXTS: readonly NoticeText[] = [
  requestMail(
    Notice.NOTICE_REQUEST_RECEIVED,
    'We have your request',
    'On {{ values.received }} you asked {{ values.what }}. You will hear from us again when it is done, by {{ values.due }}.',
  ),
  requestMail(
    Notice.NOTICE_REQUEST_COMPLETED,
    'Your request is done',
    'On {{ values.received }} you asked {{ values.what }}. It is done. Whoever took your request can hand you its certificate, which says what each store of ours answered, and which you can verify without us.',
  ),
  requestMail(
    Notice.NOTICE_RESTRICTION_ENDING,
    'The restriction of your data ends',
    'Because you asked for it, your data were kept and neither changed nor used. This ends now: from here on they may be used again as you have agreed to, and no further. If you do not agree, tell whoever you asked, before or after.',
  ),
  requestMail(
    Notice.NOTICE_REQUEST_EXTENDED,
    'Your request takes longer',
    'On {{ values.received }} you asked {{ values.what }}. The answer takes longer than a month; the law allows that where requests are complex or many. You will have it by {{ values.due }}.',
  ),
  requestMail(
    Notice.NOTICE_REQUEST_REFUSED,
    'Your request is refused',
    'On {{ values.received }} you asked {{ values.what }}. This is refused, because {{ values.why }}. Nothing was done. If you do not agree, you can complain to the authority that watches over data protection where you live or work, and you can go to court.',
    [text('why')],
  ),
  requestMail(
    Notice.NOTICE_REQUEST_CANCELLED,
    'Your request is taken back',
    'On {{ values.received }} you asked {{ values.what }}. You have taken it back: nothing was done. If you have not, tell whoever you asked; you can ask again at any time.',
  ),
  requestMail(
    Notice.NOTICE_REQUEST_HELD,
    'Your request waits',
    'On {{ values.received }} you asked {{ values.what }}. We have your request, and it has to wait, because {{ values.why }}. Until then the data are kept, and you are not contacted. It goes on by itself when the ground is gone, and you will hear from us again. If you do not agree, you can complain to the authority that watches over data protection where you live or work, and you can go to court.',
    [text('why')],
  ),
  accountMail(Notice.NOTICE_INVITATION, {
    subject: 'Your invitation to {{ values.tenant }}',
    says: '{{ values.tenant }} has made an account for you. Set a password, and it is yours:',
    button: 'Set a password',
    otherwise:
      'If you do not know why you got this, do nothing: without a password nobody can use the account.',
  }),
  accountMail(Notice.NOTICE_PASSWORD_RESET, {
    subject: 'Another password for {{ values.tenant }}',
    says: 'Somebody, probably you, asked for another password for your account at {{ values.tenant }}. Set it here:',
    button: 'Set another password',
    otherwise: 'If it was not you, do nothing: your password stays as it is.',
  }),
];

/** The id that an attempt bears in the place of a campaign's template: the same on every machine. */
export function noticeTemplateId(notice: typesV1.Notice): string {
  return derivedId(NIL_UUID, `notice ${notice}`);
}
