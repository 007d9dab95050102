import { SERVICES } from '@heed/contracts';
import { type CrossRule, type Rule } from '../rule.js';

/**
 * A payload as text: what can be read of it stands there as it is, the rest as octal numbers behind backslashes. Ids,
 * codes and times are strings in it, and an address would be one too.
 */
const READABLE = `encode(o.payload, 'escape')`;

/** What an address looks like. In small letters, as addresses are kept: so no digest reads like one by chance. */
const LOOKS_LIKE_ADDRESS = String.raw`[a-z0-9._+-]{2,}@[a-z0-9-]{2,}\.[a-z]{2,}|\+[1-9][0-9]{9,14}`;

/**
 * Whatever may be one, in any letters: contacts then says whether it is. A number between two fields may read as @, and
 * what follows it is then seldom text.
 */
const MAY_BE_ADDRESS = String.raw`[^\s\\[:cntrl:]]{1,64}@[^\s\\[:cntrl:]]{3,255}|\+[0-9]{8,16}`;

/** I3. What leaves for the bus stands in the outbox of its service, for as long as the outbox is kept. */
export const eventRules: (Rule | CrossRule)[] = SERVICES.flatMap((service): (Rule | CrossRule)[] => [
  {
    invariant: 'I3',
    service,
    says: 'an event carries what looks like an address',
    sql: `
      select o.id from heed.outbox o
      where ${READABLE} ~ '${LOOKS_LIKE_ADDRESS}' or o.key ~ '${LOOKS_LIKE_ADDRESS}'`,
  },
  {
    invariant: 'I3',
    service,
    says: 'an event is keyed or traced by something that is no id',
    sql: `
      select o.id from heed.outbox o
      where o.key !~ '^[0-9a-f-]{36}$' or o.traceparent !~ '^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$'`,
  },
  {
    invariant: 'I3',
    service: 'contacts',
    says: `an event of ${service} carries the address of a contact`,
    collect: {
      service,
      sql: `
        select o.tenant_id, o.id, found.text[1] as text
        from heed.outbox o
        cross join lateral regexp_matches(${READABLE}, '${MAY_BE_ADDRESS}', 'g') as found (text)`,
    },
    // Inside, not equal: in protobuf the byte before a string is its length, which may be a letter.
    sql: `
      select distinct event.id
      from jsonb_to_recordset($1::jsonb) as event (tenant_id uuid, id uuid, text text)
      join endpoint e on e.tenant_id = event.tenant_id and strpos(lower(event.text), lower(e.address)) > 0`,
  },
]);
