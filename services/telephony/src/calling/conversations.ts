import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS } from '@heed/config';
import { contactsV1, typesV1 } from '@heed/contracts';
import { CLOCK, type Clock } from '@heed/kernel';
import { RpcClients } from '@heed/rpc';
import { LOGGER, type Logger } from '@heed/telemetry';
import { type TelephonySettings } from '../settings.js';

/** A conversation, as far as it matters whether it may go on. */
interface Conversation {
  contactId: string;
  purpose: string;
  isOfCampaign: boolean;
  /** Aborted once somebody was heard, whatever they said. */
  voided?: AbortSignal;
  /** Nobody followed it for a while, or heard what was said meanwhile. */
  isRecovered: boolean;
}

const Reason = contactsV1.DenialReason;

/**
 * What ends a conversation that runs: the person does not want to be called any more, or nobody may contact them. All
 * else that contacts would deny a new call for (hours, caps, a consent that was never given) lets one go on that was
 * permitted when it began.
 */
const ENDS: ReadonlySet<contactsV1.DenialReason> = new Set([
  Reason.DENIAL_REASON_OPTED_OUT,
  Reason.DENIAL_REASON_SUPPRESSED,
  Reason.DENIAL_REASON_STOPPED,
  Reason.DENIAL_REASON_RESTRICTED,
  Reason.DENIAL_REASON_UNKNOWN_CONTACT,
]);

/** Without a signal it is asked so often: nothing rests on signals. */
const ASK_MS = 5_000;
/** Somebody was heard, and contacts cannot say what they said: after so long it counts as a no. */
const DOUBT_MS = 5_000;
const ANSWER_WITHIN_MS = 1_000;

/** Whether conversations may go on though somebody was heard since they began. */
@Injectable()
export class Conversations {
  constructor(
    private readonly clients: RpcClients,
    @Inject(SETTINGS) private readonly settings: TelephonySettings,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** To be asked again and again while people speak. */
  watch(tenantId: string, callId: string, call: Conversation): () => Promise<boolean> {
    const ends = this.settings.HEED_CALL_ENDS_ON_OPT_OUT;
    if (ends === 'none' || (ends === 'campaigns' && !call.isOfCampaign)) return () => Promise.resolve(true);
    const since = (): number => this.clock.monotonicMs();
    let askedMs = since();
    // A revocation tells whom it is about, and not which channel or purpose: contacts says that.
    let doubtMs = call.isRecovered ? since() : undefined;
    let hasHeard = false;
    return async () => {
      if (call.voided?.aborted && !hasHeard) {
        hasHeard = true;
        doubtMs = since();
      }
      if (doubtMs === undefined && since() - askedMs < ASK_MS) return true;
      askedMs = since();
      const mayGoOn = await this.ask(tenantId, callId, call);
      if (mayGoOn === undefined) return doubtMs === undefined || since() - doubtMs < DOUBT_MS;
      doubtMs = undefined;
      return mayGoOn;
    };
  }

  /** The same of a phone that rings: nobody speaks yet, so whatever would deny a person's no stops it, for any call. */
  watchRinging(tenantId: string, callId: string, call: Conversation): () => Promise<boolean> {
    let askedMs = this.clock.monotonicMs();
    return async () => {
      if (this.clock.monotonicMs() - askedMs < ASK_MS) return true;
      askedMs = this.clock.monotonicMs();
      return (await this.ask(tenantId, callId, call)) ?? true;
    };
  }

  /** Undefined where contacts cannot be asked. */
  private async ask(
    tenantId: string,
    callId: string,
    { contactId, purpose }: Conversation,
  ): Promise<boolean | undefined> {
    try {
      const { rules } = await this.clients.of(contactsV1.PermitsServiceService, 'contacts').explainPermit(
        {
          contactId,
          purpose,
          channel: typesV1.Channel.CHANNEL_VOICE,
          sender: this.settings.HEED_CALLER_ID,
        },
        { tenantId, timeoutMs: ANSWER_WITHIN_MS },
      );
      return !rules.some(
        ({ verdict, reason }) => verdict === contactsV1.RuleVerdict.RULE_VERDICT_FORBIDS && ENDS.has(reason),
      );
    } catch (error) {
      this.log.warn('contacts could not be asked whether a call may go on', { callId, tenantId, error });
      return undefined;
    }
  }
}
