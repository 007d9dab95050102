import { Inject, Injectable } from '@nestjs/common';
import { type contactsV1 } from '@heed/contracts';
import { CLOCK, invalidArgument, type Caller, type Clock } from '@heed/kernel';
import { lockSubjects, UnitOfWork } from '@heed/postgres';
import { readAddress } from '../contacts/address.js';
import { numberOf } from '../contacts/channel-message.js';
import { type Endpoint } from '../contacts/contact.js';
import { endpointsOf } from '../contacts/endpoint.store.js';
import { Revocations } from '../suppression/revocations.js';
import { stopContacts, type Stop } from './stopped.store.js';

/** An address has 254 characters: they fit a message of 4 MiB. */
const MOST_ADDRESSES = 10_000;

/**
 * Silences people before a request of theirs is worked (ATTACKS 2.12): the order that erases them travels in batches and
 * may wait; this does not. In a transaction of its own, on the connections that opt-outs have. Whoever is unknown or
 * erased gets no permit anyway. Absorbing: the same call again changes nothing.
 */
@Injectable()
export class StopPermits {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly revocations: Revocations,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async stop(
    caller: Caller,
    request: contactsV1.StopPermitsRequest,
  ): Promise<contactsV1.StopPermitsResponse> {
    const at = this.clock.now();
    const stops = stopsOf(request);
    const { known, endpoints } = await this.keep(caller.tenantId, stops, request.restricts, at, {
      most: MOST_ADDRESSES,
    });
    const addresses = endpoints.map(({ contactId, channel, address }) => ({
      ...{ contactId, channel: numberOf(channel), address: readAddress(address)?.canonical ?? address },
    }));
    return { stoppedAt: at.toISOString(), known, addresses };
  }

  /** After a restore: they were stopped, and this database has forgotten it. */
  async again(tenantId: string, stops: readonly Stop[], restricts: boolean): Promise<void> {
    await this.keep(tenantId, stops, restricts, this.clock.now());
  }

  private keep(
    tenantId: string,
    stops: readonly Stop[],
    restricts: boolean,
    at: Date,
    { most = Infinity } = {},
  ): Promise<{ known: number; endpoints: Endpoint[] }> {
    return this.uow.run(
      tenantId,
      async (tx) => {
        const contactIds = stops.map(({ contactId }) => contactId);
        const living = await lockSubjects(tx, contactIds);
        const those = stops.filter(({ contactId }) => living.has(contactId));
        await stopContacts(tx, those, { restricts }, at);
        for (const contactId of living) this.revocations.after(tx, { contactId });
        const endpoints = await endpointsOf(tx, [...living]);
        // What is cut off here would never be searched for: nothing is kept of such a call.
        if (endpoints.length > most)
          throw invalidArgument({ field: 'contact_ids', reason: 'TOO_MANY_ADDRESSES' });
        return { known: living.size, endpoints };
      },
      { priority: 'consent' },
    );
  }
}

/** Each contact with the request that asks for it: one of all of them, or one each. */
function stopsOf({ contactIds, requestId, requestIds }: contactsV1.StopPermitsRequest): Stop[] {
  if ((requestId === '') !== (requestIds.length === contactIds.length))
    throw invalidArgument({ field: 'request_ids', reason: 'ONE_OR_ONE_EACH' });
  return contactIds.map((contactId, at) => ({ contactId, requestId: requestIds[at] ?? requestId }));
}
