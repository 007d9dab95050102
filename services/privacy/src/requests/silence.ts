import { Injectable } from '@nestjs/common';
import { contactsV1, typesV1 } from '@heed/contracts';
import { isDomainError, type Caller } from '@heed/kernel';
import { RpcClients } from '@heed/rpc';
import { refusal } from '../errors.js';
import { type Given } from './identifiers.js';
import { PermitStops } from './permit-stops.js';

interface Silenced {
  requestId: string;
  subjectId: string;
}

/** Contacts stops whoever is to be erased or restricted before anything is kept of it (ATTACKS 2.12). */
@Injectable()
export class Silence {
  constructor(
    private readonly clients: RpcClients,
    private readonly stops: PermitStops,
  ) {}

  /** Answers what contacts knows to reach each of them at, in its normal form: what is left of them is searched for by it. */
  async erased(caller: Caller, people: readonly Silenced[]): Promise<Map<string, Given[]>> {
    const byContact = Map.groupBy(await this.stop(caller, people, false), ({ contactId }) => contactId);
    return new Map(
      [...byContact].map(([contactId, addresses]) => [
        contactId,
        addresses.map(({ channel, address }) => ({
          ...{ channel: channel === typesV1.Channel.CHANNEL_EMAIL ? 'email' : 'voice', address },
        })),
      ]),
    );
  }

  /** Nothing is searched for that stays. */
  async restricted(caller: Caller, person: Silenced): Promise<void> {
    await this.stop(caller, [person], true);
  }

  private async stop(
    { tenantId, actorId: onBehalfOf }: Caller,
    people: readonly Silenced[],
    restricts: boolean,
  ): Promise<contactsV1.StoppedAddress[]> {
    const permits = this.clients.of(contactsV1.PermitsServiceService, 'contacts');
    const contactIds = people.map(({ subjectId }) => subjectId);
    const requestIds = people.map(({ requestId }) => requestId);
    await this.stops.note(tenantId, requestIds);
    try {
      const stop = { contactIds, requestId: '', requestIds, restricts };
      return (await permits.stopPermits(stop, { tenantId, onBehalfOf })).addresses;
    } catch (cause) {
      // More addresses than an answer holds: a smaller batch helps, and trying again does not.
      if (isDomainError(cause) && cause.kind === 'invalid-argument') throw cause;
      throw refusal('STOP_UNAVAILABLE', { cause });
    }
  }
}
