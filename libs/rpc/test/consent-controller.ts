import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { contactsV1 } from '@heed/contracts';
import { type Caller, FromCaller } from '../src/index.js';

/** Answers whatever a spec tells it to, and remembers who asked. */
@Controller()
@contactsV1.ConsentServiceControllerMethods()
export class ConsentController {
  static callers: Caller[] = [];
  static answer: (caller: Caller) => Promise<contactsV1.RecordOptOutResponse>;
  static getConsentAnswer: (caller: Caller) => Promise<contactsV1.GetConsentResponse>;

  static reset(): void {
    this.callers = [];
    this.answer = async () => ({
      entry: undefined,
      effect: contactsV1.OptOutEffect.OPT_OUT_EFFECT_RECORDED,
      effectiveAt: '2026-11-23T09:00:00Z',
    });
    this.getConsentAnswer = async () => ({ statuses: [], stopped: false });
  }

  async recordConsent(): Promise<contactsV1.RecordConsentResponse> {
    return { entry: undefined };
  }

  async filterAgreeing(): Promise<contactsV1.FilterAgreeingResponse> {
    return { contactIds: [] };
  }

  async getOptOut(): Promise<contactsV1.GetOptOutResponse> {
    return contactsV1.GetOptOutResponse.fromPartial({});
  }

  async recordOptOut(
    @Payload() request: contactsV1.RecordOptOutRequest,
    @FromCaller() caller: Caller,
  ): Promise<contactsV1.RecordOptOutResponse> {
    ConsentController.callers.push(caller);
    return ConsentController.answer({ ...caller, requestId: request.requestId });
  }

  async getConsent(
    @Payload() _: contactsV1.GetConsentRequest,
    @FromCaller() caller: Caller,
  ): Promise<contactsV1.GetConsentResponse> {
    ConsentController.callers.push(caller);
    return ConsentController.getConsentAnswer(caller);
  }

  async listConsentEntries(): Promise<contactsV1.ListConsentEntriesResponse> {
    return { entries: [], nextPageToken: '' };
  }
}

export const optOut = (
  changes: Partial<contactsV1.RecordOptOutRequest> = {},
): contactsV1.RecordOptOutRequest => ({
  requestId: '01890000-0000-7000-8000-000000000001',
  contactId: '01890000-0000-7000-8000-000000000002',
  channel: 0,
  purpose: '',
  source: contactsV1.ConsentSource.CONSENT_SOURCE_AGENT,
  evidence: '',
  sender: '',
  heardFrom: undefined,
  ...changes,
});
