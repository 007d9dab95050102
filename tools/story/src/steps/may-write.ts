import { type HeedClient } from '@heed/client';
import { contactsV1, typesV1 } from '@heed/contracts';
import { PURPOSE } from '../example/example-contacts.js';

export interface MayWrite {
  allowed: boolean;
  /** Where it is not: why, in the contract's word. */
  reason: string;
}

/** Whether a mail of the story's purpose to this person would be permitted now. */
export async function askWhetherToWrite({ permits }: HeedClient, contactId: string): Promise<MayWrite> {
  const { allowed, denial } = await permits.explainPermit({
    ...{ contactId, channel: typesV1.Channel.CHANNEL_EMAIL, purpose: PURPOSE, sender: '' },
  });
  const reason = denial ? contactsV1.denialReasonToJSON(denial.reason) : '';
  return { allowed, reason: reason.replace('DENIAL_REASON_', '').toLowerCase() };
}
