import { isUuid } from '@heed/kernel';
import { z } from 'zod';
import { classOf, codeOf, codesIn, type DeliveryState } from '../bounces/bounce-class.js';
import { type Judged } from '../inbound/judge-mail.js';

/** What a mail provider says of one message. The form is ours; a provider that has another one needs a translator. */
const eventForm = z.object({
  type: z.string().max(100),
  data: z.object({
    /** Of the message, as its Message-ID says. */
    message_id: z.string().max(320).optional(),
    /** The message's envelope sender: our address for bounces. */
    return_path: z.string().max(320).optional(),
    /** Whom it was to. Looked at only where the message is not known any more. */
    recipient: z.string().max(320).optional(),
    bounce: z.enum(['hard', 'soft', 'block']).optional(),
    /** What the other server said: `5.1.1`, or `550 5.1.1`. Its codes are kept. */
    status: z.string().max(1_000).optional(),
  }),
});

export interface ProviderEvent {
  /** Undefined: of no kind that changes anything. */
  judged: Judged | undefined;
  /** The attempt that its Message-ID names; the address for bounces may name it too. */
  attemptId: string | undefined;
  returnPath: string | undefined;
  recipient: string;
}

export const PROVIDER_EVENT_FORM = eventForm;

const NOTHING = { channel: '', purpose: '' } as const;
/** Of all mail: providers block an address from whoever sends, whatever was in it. */
const ALL_MAIL = { channel: 'email', purpose: '' } as const;

/** Undefined where it is not of that form. */
export function readProviderEvent(raw: Buffer): ProviderEvent | undefined {
  const form = eventForm.safeParse(jsonOf(raw));
  if (!form.success) return undefined;
  const { type, data } = form.data;
  return {
    judged: judged(type, data),
    attemptId: attemptIn(data.message_id ?? ''),
    returnPath: data.return_path,
    recipient: data.recipient ?? '',
  };
}

function judged(type: string, { bounce, status }: z.infer<typeof eventForm>['data']): Judged | undefined {
  const codes = codesIn(status ?? '');
  switch (type) {
    case 'mail.delivered':
      return { kind: 'bounce', scope: NOTHING, delivery: 'delivered', code: '' };
    case 'mail.bounced':
      return {
        ...{ kind: 'bounce', scope: NOTHING, code: codeOf(codes) },
        delivery: bounce === undefined ? classOf(codes) : DELIVERIES[bounce],
      };
    case 'mail.complained':
      return { kind: 'complaint', scope: ALL_MAIL, delivery: 'complained', code: 'provider' };
    case 'mail.unsubscribed':
      return { kind: 'opt_out', scope: ALL_MAIL, code: 'provider' };
    default:
      return undefined;
  }
}

const DELIVERIES: Record<'hard' | 'soft' | 'block', DeliveryState> = {
  hard: 'hard_bounce',
  soft: 'soft_bounce',
  block: 'blocked',
};

/** Our Message-ID is the attempt's id before the @ (compose-email.ts). */
function attemptIn(messageId: string): string | undefined {
  const local = messageId.trim().replace(/^</, '').split('@')[0]!.toLowerCase();
  return isUuid(local) ? local : undefined;
}

function jsonOf(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8'));
  } catch {
    return undefined;
  }
}
