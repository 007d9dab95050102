import { Injectable } from '@nestjs/common';
import { ALL_OUTREACH, ConsentChanged, contactsV1 } from '@heed/contracts';
import { Consumers } from '@heed/events';
import { channelOf } from '../campaigns/channel.js';
import { ConcludeIntents } from './conclude-intents.js';
import { type OptOut } from './intent.store.js';

/**
 * People opt out: what is planned for them is skipped. Silence does not rest on this (the permit does that): it keeps
 * senders from asking for permits that cannot be had, and the ledger from saying "open" of what is decided.
 */
@Injectable()
export class ConsentChangedConsumer {
  constructor(consumers: Consumers, concludeIntents: ConcludeIntents) {
    consumers.add({
      event: ConsentChanged,
      group: 'campaigns.skip-opted-out',
      handle: async (tx, events) => {
        const optOuts = events
          .map(({ data }) => data)
          .filter(isOptOut)
          .map(optOutOf);
        if (optOuts.length > 0) await concludeIntents.afterOptOuts(tx, optOuts);
      },
    });
  }
}

/** Not of one sender: whose templates are meant, an event does not say, and the permit decides it (rule `sender`). */
function isOptOut({ state, senderId }: contactsV1.ConsentChanged): boolean {
  return senderId === '' && state === contactsV1.ConsentState.CONSENT_STATE_OPTED_OUT;
}

/** Without a channel all are meant, without a purpose likewise; no campaign has a purpose that is no outreach. */
function optOutOf({ contactId, channel, purpose }: contactsV1.ConsentChanged): OptOut {
  const isAboutAll = purpose === '' || purpose === ALL_OUTREACH;
  return { contactId, channel: channelOf(channel) ?? null, purpose: isAboutAll ? null : purpose };
}
