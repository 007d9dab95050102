import { Inject, Injectable } from '@nestjs/common';
import { ConsentChanged, OptOutConfirmationDue } from '@heed/contracts';
import { Outbox } from '@heed/events';
import { CLOCK, newId, type Clock } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { changeOf, confirmationMessage } from '../consent/consent-message.js';
import { EVERYTHING, type Scope } from '../consent/consent.js';
import { optOuts } from '../consent/opt-out.js';
import { isContended, waitBriefly, whileContended } from '../consent/while-contended.js';
import { AddressHashes } from '../contacts/address-hashes.js';
import { Revocations } from '../suppression/revocations.js';
import { suppress } from '../suppression/suppression.store.js';
import { Gatherer } from './opt-out-gatherer.js';
import { OptOutLinks } from './opt-out-links.js';
import { type OptOutLink } from './opt-out-token.js';

export interface Following {
  /** one_click: a mail client on the person's behalf. page: the person, by the button. */
  source: 'one_click' | 'page';
  /** this: the purpose on its channel. sender: whatever they send. */
  scope: 'this' | 'sender' | 'everything';
}

/**
 * Somebody opts out by the link of a message. What is heard so is heard from the address: it is recorded on its keyed
 * hash as well, and binds whoever has the address, even where the person it was sent to has long been erased.
 */
@Injectable()
export class FollowLink {
  private readonly gatherer = new Gatherer<Said>({
    keyOf: ({ link }) => link.contactId,
    write: (tenantId, said) => this.write(tenantId, said),
    wait: (ms, signal) => this.clock.wait(ms, signal),
  });

  constructor(
    private readonly uow: UnitOfWork,
    private readonly links: OptOutLinks,
    private readonly hashes: AddressHashes,
    private readonly outbox: Outbox,
    private readonly revocations: Revocations,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async follow(token: string, following: Following): Promise<void> {
    const link = await this.links.verify(token);
    await this.gatherer.add(link.tenantId, {
      ...{ link, source: following.source },
      scope: scopeOf(link, following.scope),
    });
  }

  private async write(tenantId: string, said: readonly Said[]): Promise<void> {
    if (said.length > 1) {
      return this.run(tenantId, said, async (tx) => {
        await waitBriefly(tx);
        await this.record(tx, said);
      });
    }
    try {
      await whileContended(() => this.run(tenantId, said, (tx) => this.record(tx, said)));
    } catch (error) {
      if (!isContended(error)) throw error;
      // Somebody holds the person's row and will not let go. The address itself is nobody's to hold.
      const at = this.clock.now();
      await this.run(tenantId, said, async (tx) => {
        for (const { link, scope } of said) {
          const standing = await this.hashes.standing(tenantId, [link.endpointHash]);
          await suppress(tx, standing, { reason: 'opt_out', scope, at });
        }
      });
    }
  }

  private async record(tx: Tx, said: readonly Said[]): Promise<void> {
    const at = this.clock.now();
    const standing = await this.hashes.standing(
      tx.tenantId,
      said.map(({ link }) => link.endpointHash),
    );
    const results = await optOuts(
      tx,
      said.map(({ link: { contactId }, scope, source }, index) => ({
        ...{ entryId: newId(), contactId, scope, source, at },
        ...{ heardFrom: standing[index]!, onlyIfNews: true },
      })),
    );
    await this.outbox.addAll(
      tx,
      ConsentChanged,
      results.flatMap(({ entry }) =>
        entry ? [{ data: changeOf(tx.tenantId, entry), sequence: entry.epoch }] : [],
      ),
    );
    await this.outbox.addAll(
      tx,
      OptOutConfirmationDue,
      results.flatMap(({ confirmation }) =>
        confirmation ? [{ data: confirmationMessage(confirmation) }] : [],
      ),
    );
  }

  private run(tenantId: string, said: readonly Said[], work: (tx: Tx) => Promise<void>): Promise<void> {
    return this.uow.run(
      tenantId,
      async (tx) => {
        await work(tx);
        for (const { link } of said) this.revocations.after(tx, link);
      },
      { priority: 'consent' },
    );
  }
}

/** A link of before names no sender: its page does not offer it. */
function scopeOf({ channel, purpose, sender }: OptOutLink, said: Following['scope']): Scope {
  if (said === 'everything') return EVERYTHING;
  if (said === 'sender' && sender !== '') return { channel, purpose: '', sender };
  return { channel, purpose, sender: '' };
}

interface Said {
  link: OptOutLink;
  scope: Scope;
  source: Following['source'];
}
