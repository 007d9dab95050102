import type pg from 'pg';
import { type ServiceName } from '@heed/contracts';
import { type Traced } from './moment.js';

type Kind = keyof Traced;

interface Belonging {
  service: ServiceName;
  /** Gets `$1`: ids of the kind `of`. Its columns are named by the kinds that it finds. */
  sql: string;
  of: Kind;
}

/**
 * What leads from one id to another. From an attempt to its person and from a person to all about them; what was cut by
 * an erasure leads nowhere any more, and that is its purpose.
 */
const BELONGINGS: Belonging[] = [
  {
    service: 'campaigns',
    of: 'intents',
    sql: `select contact_id as contacts from intent where intent_id = any ($1)`,
  },
  {
    service: 'messaging',
    of: 'attempts',
    sql: `select contact_id as contacts, intent_id as intents from attempt where attempt_id = any ($1)`,
  },
  {
    service: 'messaging',
    of: 'intents',
    sql: `select attempt_id as attempts from attempt where intent_id = any ($1)`,
  },
  {
    service: 'telephony',
    of: 'calls',
    sql: `select contact_id as contacts from call where call_id = any ($1)`,
  },
  {
    service: 'privacy',
    of: 'requests',
    sql: `select subject_id as contacts from request where request_id = any ($1)`,
  },
];

/** From a person to all that is theirs: only where a person, or a request about one, was asked for. */
const OF_CONTACT: Belonging[] = [
  {
    service: 'campaigns',
    of: 'contacts',
    sql: `select intent_id as intents from intent where contact_id = any ($1)`,
  },
  {
    service: 'messaging',
    of: 'contacts',
    sql: `select attempt_id as attempts, intent_id as intents from attempt where contact_id = any ($1)`,
  },
  {
    service: 'telephony',
    of: 'contacts',
    sql: `select call_id as calls from call where contact_id = any ($1)`,
  },
  {
    service: 'privacy',
    of: 'contacts',
    sql: `select request_id as requests from request where subject_id = any ($1)`,
  },
];

/** What kind of thing an id names, by the tables where it would be a key. */
const KINDS: { service: ServiceName; kind: Kind; sql: string }[] = [
  {
    service: 'contacts',
    kind: 'contacts',
    sql: `select 1 from heed.subject where subject_id = $1 and kind = 'contact'`,
  },
  { service: 'campaigns', kind: 'intents', sql: `select 1 from intent where intent_id = $1` },
  { service: 'messaging', kind: 'attempts', sql: `select 1 from attempt where attempt_id = $1` },
  { service: 'messaging', kind: 'intents', sql: `select 1 from attempt where intent_id = $1` },
  { service: 'telephony', kind: 'calls', sql: `select 1 from call where call_id = $1` },
  { service: 'privacy', kind: 'requests', sql: `select 1 from request where request_id = $1` },
];

export type Clients = Record<ServiceName, pg.Client>;

/** What the id names; nothing where no service knows it. */
export async function kindsOf(clients: Clients, id: string): Promise<Kind[]> {
  const found: Kind[] = [];
  for (const { service, kind, sql } of KINDS) {
    if (((await clients[service].query(sql, [id])).rowCount ?? 0) > 0) found.push(kind);
  }
  return [...new Set(found)];
}

/** Adds what belongs to what is there. For a person: everything; for one attempt: its intent and its person. */
export async function addBelongings(clients: Clients, traced: Traced, ofContact: boolean): Promise<void> {
  for (const { service, sql, of } of ofContact ? [...BELONGINGS, ...OF_CONTACT] : BELONGINGS) {
    if (traced[of].size === 0) continue;
    const { rows } = await clients[service].query<Partial<Record<Kind, string | null>>>(sql, [
      [...traced[of]],
    ]);
    for (const row of rows) {
      for (const [kind, id] of Object.entries(row) as [Kind, string | null][]) if (id) traced[kind].add(id);
    }
  }
}
