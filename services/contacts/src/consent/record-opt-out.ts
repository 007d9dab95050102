import { Inject, Injectable } from '@nestjs/common';
import { ConsentChanged, contactsV1, OptOutConfirmationDue } from '@heed/contracts';
import { Outbox } from '@heed/events';
import { CLOCK, invalidArgument, newId, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { RequestReplay } from '@heed/rpc';
import { type Standing } from '../contacts/address-hashes.js';
import { channelOf } from '../contacts/channel-message.js';
import { contactsById } from '../contacts/contact.store.js';
import { endpointsByHashes } from '../contacts/endpoint.store.js';
import { Revocations } from '../suppression/revocations.js';
import { suppress } from '../suppression/suppression.store.js';
import { LIFETIME_MS } from '../permits/permit.js';
import { changeOf, confirmationMessage, entryMessage, sourceOf } from './consent-message.js';
import { type Source } from './consent.js';
import { Evidence } from './evidence.js';
import { HeardFrom, type Heard } from './heard-from.js';
import { optOuts, type OptedOut, type OptOut, type OptOutEffect } from './opt-out.js';
import { scopeWithSender } from './sender.js';
import { whileContended } from './while-contended.js';

const EFFECTS: Record<OptOutEffect, contactsV1.OptOutEffect> = {
  recorded: contactsV1.OptOutEffect.OPT_OUT_EFFECT_RECORDED,
  already_out: contactsV1.OptOutEffect.OPT_OUT_EFFECT_ALREADY_OUT,
  suppressed: contactsV1.OptOutEffect.OPT_OUT_EFFECT_SUPPRESSED,
};

/** What a member may say of how they heard it; the rest is heard by services themselves. */
const OF_MEMBERS: readonly Source[] = ['agent', 'api'];

/** Somebody said no, and another system or a person tells us. Never refused, whoever it is about. */
@Injectable()
export class RecordOptOut {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly replay: RequestReplay,
    private readonly evidence: Evidence,
    private readonly heardFrom: HeardFrom,
    private readonly outbox: Outbox,
    private readonly revocations: Revocations,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async record(
    caller: Caller,
    request: contactsV1.RecordOptOutRequest,
  ): Promise<contactsV1.RecordOptOutResponse> {
    const source = sourceOf(request.source);
    if (!source || (caller.kind !== 'service' && !OF_MEMBERS.includes(source))) {
      throw invalidArgument({ field: 'source', reason: 'NOT_YOURS_TO_STATE' });
    }
    if (caller.kind !== 'service' && request.heardFrom?.endpointHash.length) {
      throw invalidArgument({ field: 'heard_from.endpoint_hash', reason: 'NOT_YOURS_TO_STATE' });
    }
    const { purpose, requestId, sender } = request;
    const scope = scopeWithSender(channelOf(request.channel), purpose, sender);
    const heard = await this.heardFrom.read(caller.tenantId, request);
    const entryId = newId();
    const content = contactsV1.RecordOptOutRequest.encode(request).finish();
    const answer = await whileContended(() =>
      this.uow.run(
        caller.tenantId,
        (tx) =>
          this.replay.once(tx, caller, requestId, content, contactsV1.RecordOptOutResponse, async () => {
            const said = {
              ...{ entryId, source, at: this.clock.now() },
              scope,
              recordedBy: caller.kind === 'service' ? caller.onBehalfOf : caller.actorId,
            };
            const all = await this.write(tx, heard, said);
            for (const each of all) await this.announce(tx, each);
            const { effect, entry } = all[0]!;
            return { entry: entry && entryMessage(entry), effect: EFFECTS[effect], effectiveAt: '' };
          }),
        // Connections of its own: no import and no campaign can keep an opt-out waiting for one.
        { priority: 'consent' },
      ),
    );
    // From the answer, which may be that of an earlier try: the entry has the id that it got then.
    if (answer.entry) await this.evidence.follow(caller.tenantId, answer.entry, request.evidence);
    // The commit is behind us: what was permitted before it is dead one lifetime from now at the latest.
    const effectiveAt = new Date(this.clock.now().getTime() + LIFETIME_MS).toISOString();
    return { ...answer, effectiveAt };
  }

  private async write(
    tx: Tx,
    { contactId, wasAsked, standingIn }: Heard,
    said: Omit<OptOut, 'contactId' | 'heardFrom'>,
  ): Promise<OptedOut[]> {
    const [heardFrom, ...older] = await standingIn(tx);
    const scope = { reason: 'opt_out', scope: said.scope, at: said.at } as const;
    if (older.length > 0) await suppress(tx, older, scope);
    this.revocations.after(tx, { contactId, endpointHash: heardFrom?.name });
    const people =
      wasAsked && contactId ? await owners(tx, contactId, heardFrom) : contactId ? [contactId] : [];
    if (people.length > 0) {
      return optOuts(
        tx,
        people.map((person, at) => ({
          ...{ ...said, contactId: person, heardFrom },
          entryId: at === 0 ? said.entryId : newId(),
        })),
      );
    }
    // Nobody that we know of: the address is bound all the same.
    if (heardFrom) await suppress(tx, [heardFrom], scope);
    return [{ effect: 'suppressed' }];
  }

  private async announce(tx: Tx, { entry, confirmation }: OptedOut): Promise<void> {
    if (entry)
      await this.outbox.add(tx, ConsentChanged, changeOf(tx.tenantId, entry), { sequence: entry.epoch });
    if (confirmation) await this.outbox.add(tx, OptOutConfirmationDue, confirmationMessage(confirmation));
  }
}

/** Who answers a mail that asks whether a sign-up was theirs: whoever has the address, and who became of the one asked. */
async function owners(tx: Tx, asked: string, address: Standing | undefined): Promise<string[]> {
  const known = address ? await endpointsByHashes(tx, [address.name]) : [];
  const became = [...(await contactsById(tx, [asked])).keys()];
  return [...new Set([...known.map(({ contactId }) => contactId), ...became])];
}
