import { Inject, Injectable } from '@nestjs/common';
import { contactsV1, typesV1, type privacyV1 } from '@heed/contracts';
import { type Identifier } from '@heed/data-rights';
import { CLOCK, newId, NIL_UUID, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { RpcClients } from '@heed/rpc';
import { RecordAccess } from '../audit/record-access.js';
import { refusal } from '../errors.js';
import { Needles } from './needles.js';
import { openSweep, sweptBy, type Swept } from './sweep.store.js';

/** So many people in a message, and addresses in a question to contacts. */
const TOGETHER = 200;
const MOST_ASKED = 20;

type Known = Map<string, Identifier[]>;

/** What a sweep searches for, to services that sweep: of all tenants, each of which can see in its audit log who asked. */
@Injectable()
export class StreamNeedles {
  /** Asked of contacts once for all services of a sweep. */
  private living: { sweepId: string; addresses: Promise<Set<string>> } | undefined;

  constructor(
    private readonly uow: UnitOfWork,
    private readonly needles: Needles,
    private readonly clients: RpcClients,
    private readonly audit: RecordAccess,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async *stream(
    { tenantId, actorId, method: action }: Caller,
    sweepId: string,
  ): AsyncGenerator<privacyV1.StreamNeedlesResponse> {
    const swept = tenantId === NIL_UUID ? await this.sweptBy(sweepId) : [];
    if (swept.length === 0) throw refusal('SWEEP_NOT_FOUND');
    const tenants = Map.groupBy(swept, (one) => one.tenantId);
    const known: Known = new Map();
    for (const [tenant, theirs] of tenants) {
      const found = await this.uow.run(tenant, (tx) =>
        this.needles.ofRequests(
          tx,
          theirs.map(({ requestId }) => requestId),
        ),
      );
      for (const [requestId, addresses] of found) known.set(requestId, addresses);
      await this.audit.record(tenant, [
        { entryId: newId(), at: this.clock.now(), actorId, action, service: 'privacy' },
      ]);
    }
    const living = await this.livingOf(sweepId, tenants, known);
    for (let from = 0; from < swept.length; from += TOGETHER) {
      yield {
        people: swept.slice(from, from + TOGETHER).map((who) => ({
          ...who,
          addresses: (known.get(who.requestId) ?? []).map(({ channel, address }) => ({
            channel: channel === 'email' ? typesV1.Channel.CHANNEL_EMAIL : typesV1.Channel.CHANNEL_VOICE,
            ...{ address, living: living.has(keyOf(who.tenantId, address)) },
          })),
        })),
      };
    }
  }

  private sweptBy(sweepId: string): Promise<Swept[]> {
    return this.uow.runAcross('service', async (tx) =>
      (await openSweep(tx))?.sweepId === sweepId ? sweptBy(tx, sweepId) : [],
    );
  }

  private livingOf(sweepId: string, tenants: Map<string, Swept[]>, known: Known): Promise<Set<string>> {
    if (this.living?.sweepId !== sweepId) {
      const addresses = this.findLiving(tenants, known);
      this.living = { sweepId, addresses };
      // Whoever asks again after a failure asks contacts again.
      addresses.catch(() => (this.living = undefined));
    }
    return this.living.addresses;
  }

  /** Who has come back, or shares an address with somebody who was erased, keeps it. */
  private async findLiving(tenants: Map<string, Swept[]>, known: Known): Promise<Set<string>> {
    const living = new Set<string>();
    for (const [tenantId, theirs] of tenants) {
      const addresses = theirs.flatMap(({ requestId }) => known.get(requestId) ?? []);
      for (let from = 0; from < addresses.length; from += MOST_ASKED) {
        const some = addresses.slice(from, from + MOST_ASKED);
        if (!(await this.isAnyLiving(tenantId, some))) continue;
        for (const one of some) {
          if (await this.isAnyLiving(tenantId, [one])) living.add(keyOf(tenantId, one.address));
        }
      }
    }
    return living;
  }

  private async isAnyLiving(tenantId: string, some: readonly Identifier[]): Promise<boolean> {
    const contacts = this.clients.of(contactsV1.ContactsServiceService, 'contacts');
    const of = (wanted: string) =>
      some.filter(({ channel }) => channel === wanted).map(({ address }) => address);
    const { contactIds } = await contacts.findSubjects(
      { emails: of('email'), phones: of('voice') },
      { tenantId },
    );
    return contactIds.length > 0;
  }
}

function keyOf(tenantId: string, address: string): string {
  return `${tenantId} ${address}`;
}
