import { SERVICES } from '@heed/contracts';
import { DomainError } from '@heed/kernel';
import { ACCOUNTS, FRAME, type Account } from './accounts.js';
import { addBelongings, kindsOf, type Clients } from './belonging.js';
import { incarnations } from './incarnations.js';
import { nothing, sizeOf, type Moment, type Traced } from './moment.js';
import { told } from './told.js';

/** One timeline for a contact, intent, attempt, call or request, from the ledgers of all services, oldest first. */
export async function timelineOf(
  clients: Clients,
  id: string,
): Promise<{ kinds: string[]; moments: Moment[] }> {
  const kinds = await kindsOf(clients, id);
  if (kinds.length === 0) {
    throw new DomainError('NOTHING_KNOWN', 'not-found', {
      message: `no service knows ${id} as a contact, intent, attempt, call or request`,
    });
  }
  const traced = nothing();
  for (const kind of kinds) traced[kind].add(id);
  // Of a person everything is told; of one message only what led to it and what came of it.
  const ofContact = traced.contacts.size > 0 || traced.requests.size > 0;
  for (let before = -1; before !== sizeOf(traced);) {
    before = sizeOf(traced);
    await addBelongings(clients, traced, ofContact);
  }
  const frame = SERVICES.flatMap((service) => FRAME.map((account): Account => ({ ...account, service })));
  const accounts = ofContact ? [...ACCOUNTS, ...frame] : ACCOUNTS;
  const moments = [
    ...(await Promise.all(SERVICES.map((service) => readAll(clients, accounts, service, traced)))).flat(),
    ...(await told(clients, traced, ofContact)),
  ];
  moments.push(...(await sendersMeanwhile(clients, moments)));
  return { kinds, moments: moments.sort((a, b) => a.at.getTime() - b.at.getTime()) };
}

/** All services at once; within one, whose connection carries one question at a time, in turn. */
async function readAll(
  clients: Clients,
  accounts: readonly Account[],
  service: Account['service'],
  traced: Traced,
): Promise<Moment[]> {
  const moments: Moment[] = [];
  for (const account of accounts) {
    if (account.service === service) moments.push(...(await read(clients, account, traced)));
  }
  return moments;
}

async function read(clients: Clients, account: Account, traced: Traced): Promise<Moment[]> {
  const { service, from, of, sql } = account;
  const { rows } = await clients[service].query<{ at: Date; what: string; ids: Record<string, unknown> }>(
    sql,
    of.map((kind) => [...traced[kind]]),
  );
  return rows
    .filter(({ at }) => at !== null)
    .map(({ at, what, ids }) => ({ at, service, from, what, ids: textsOf(ids) }));
}

function textsOf(ids: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(ids).flatMap(([name, value]) => (value === null ? [] : [[name, String(value)]])),
  );
}

async function sendersMeanwhile(clients: Clients, moments: readonly Moment[]): Promise<Moment[]> {
  const times = moments.filter(({ from }) => from === 'attempt').map(({ at }) => at.getTime());
  if (times.length === 0) return [];
  return incarnations(clients.messaging, new Date(Math.min(...times)), new Date(Math.max(...times)));
}
