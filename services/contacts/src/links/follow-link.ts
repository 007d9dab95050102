import { Inject, Injectable } from '@nestjs/common';
import { ConsentChanged } from '@heed/contracts';
import { Outbox } from '@heed/events';
import { CLOCK, newId, type Clock } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { changeOf } from '../consent/consent-message.js';
import { EVERYTHING, type Scope } from '../consent/consent.js';
import { optOut } from '../consent/opt-out.js';
import { isContended, whileContended } from '../consent/while-contended.js';
import { Revocations } from '../suppression/revocations.js';
import { suppress } from '../suppression/suppression.store.js';
import { OptOutLinks } from './opt-out-links.js';
import { type OptOutLink } from './opt-out-token.js';

export interface Following {
  /** one_click: a mail client on the person's behalf. page: the person, by the button. */
  source: 'one_click' | 'page';
  everything: boolean;
}

/**
 * Somebody opts out by the link of a message. What is heard so is heard from the address: it is recorded on its keyed
 * hash as well, and binds whoever has the address, even where the person it was sent to has long been erased.
 */
@Injectable()
export class FollowLink {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly links: OptOutLinks,
    private readonly outbox: Outbox,
    private readonly revocations: Revocations,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async follow(token: string, following: Following): Promise<void> {
    const link = await this.links.verify(token);
    const scope = following.everything ? EVERYTHING : { channel: link.channel, purpose: link.purpose };
    try {
      await whileContended(() => this.run(link, (tx) => this.record(tx, link, scope, following.source)));
    } catch (error) {
      if (!isContended(error)) throw error;
      // Somebody holds the person's row and will not let go. The address itself is nobody's to hold.
      const at = this.clock.now();
      await this.run(link, (tx) => suppress(tx, [link.endpointHash], { reason: 'opt_out', scope, at }));
    }
  }

  private async record(tx: Tx, link: OptOutLink, scope: Scope, source: Following['source']): Promise<void> {
    const { contactId, endpointHash: heardFrom } = link;
    const said = {
      entryId: newId(),
      contactId,
      scope,
      source,
      heardFrom,
      at: this.clock.now(),
      onlyIfNews: true,
    };
    const { entry } = await optOut(tx, said);
    if (entry) await this.outbox.add(tx, ConsentChanged, changeOf(entry), { sequence: entry.epoch });
  }

  private run(link: OptOutLink, work: (tx: Tx) => Promise<unknown>): Promise<unknown> {
    const { tenantId, contactId, endpointHash } = link;
    return this.uow.run(
      tenantId,
      async (tx) => {
        await work(tx);
        this.revocations.after(tx, { contactId, endpointHash });
      },
      { priority: 'consent' },
    );
  }
}
