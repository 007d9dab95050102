import { randomBytes } from 'node:crypto';
import { contactsV1, typesV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { type Cluster } from '@heed/testing/cluster';

/** People who agreed to the newsletter, and what others ask contacts about them: over gRPC alone. */
export class GivenPeople {
  readonly tenantId = newId();

  constructor(private readonly cluster: Cluster) {}

  async person(): Promise<string> {
    const member = await this.cluster.asMember('contacts', { tenantId: this.tenantId });
    const { contact } = await member
      .of(contactsV1.ContactsServiceService)
      .createContact(
        contactsV1.CreateContactRequest.fromPartial({ requestId: newId(), email: `${newId()}@people.test` }),
      );
    await member.of(contactsV1.ConsentServiceService).recordConsent(
      contactsV1.RecordConsentRequest.fromPartial({
        ...{ requestId: newId(), contactId: contact!.contactId, channel: typesV1.Channel.CHANNEL_EMAIL },
        ...{ purpose: 'newsletter', basis: 'consent' },
      }),
    );
    return contact!.contactId;
  }

  async optOut(contactId: string): Promise<contactsV1.RecordOptOutResponse> {
    const member = await this.cluster.asMember('contacts', { tenantId: this.tenantId });
    return member.of(contactsV1.ConsentServiceService).recordOptOut(
      contactsV1.RecordOptOutRequest.fromPartial({
        ...{ requestId: newId(), contactId, source: contactsV1.ConsentSource.CONSENT_SOURCE_AGENT },
      }),
    );
  }

  /** As messaging asks. */
  async answerFor(contactId: string): Promise<NonNullable<contactsV1.PermitAnswer['answer']>> {
    const ask = {
      ...{ attemptId: newId(), contactId, channel: typesV1.Channel.CHANNEL_EMAIL, purpose: 'newsletter' },
      ...{ nonce: randomBytes(16), templateFields: [], tracking: false, sender: 'news@acme.example' },
    };
    const { answers } = await this.cluster
      .asService('messaging')
      .of(contactsV1.PermitsServiceService, 'contacts')
      .batchIssuePermits({ asks: [ask] }, { tenantId: this.tenantId, timeoutMs: 60_000 });
    return answers[0]!.answer!;
  }

  /** The link in a message to somebody who may be reached. */
  async linkTo(contactId: string): Promise<string> {
    const answer = await this.answerFor(contactId);
    if (answer.$case !== 'permit') throw new Error('they may not be reached');
    return answer.value.optOutUrl;
  }

  /** As a mail client does it. */
  follow(link: string): Promise<Response> {
    return fetch(link, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'List-Unsubscribe=One-Click',
    });
  }
}
