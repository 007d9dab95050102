import { SERVICES } from '@heed/contracts';
import { type CrossRule, type Rule } from '../rule.js';

/** Leaves by the origin in which they stand, with their index there. A log that was put back begins a new origin. */
const LEAVES = `
  select l.index, l.data, o.number as origin, l.index - o.first_leaf as place
  from log_leaf l
  join lateral (select number, first_leaf from log_origin where first_leaf <= l.index order by number desc limit 1) o
    on true`;

/** Receipts among them, with the key that signed each. What is no such leaf is not read as JSON. */
const RECEIPTS = `
  select l.index, l.origin, says ->> 'service' as service, says ->> 'key_id' as key_id, says ->> 'signature' as signature,
    (says ->> 'keys')::bigint + l.index - l.place as keys
  from (${LEAVES}) l
  cross join lateral (select case when position('"tree_size":'::bytea in l.data) > 0
    then convert_from(l.data, 'UTF8')::jsonb end as says) said
  where says is not null`;

/** I6. What was once promised is there, in order, and rests on keys that were valid where it stands. */
export const logRules: (Rule | CrossRule)[] = [
  {
    invariant: 'I6',
    service: 'privacy',
    says: 'a request was completed and the log does not commit to how',
    sql: `
      select r.request_id from request r
      left join (${LEAVES}) l on l.index = r.closing_leaf
      where r.state = 'COMPLETED' and (l.index is null
        or l.place >= (select coalesce(max(size), 0) from log_checkpoint c where c.origin = l.origin))`,
  },
  {
    invariant: 'I6',
    service: 'privacy',
    says: 'the log has lost a leaf that a signed checkpoint counts',
    sql: `
      select c.size from (select origin, max(size) as size from log_checkpoint group by origin) c
      join log_origin o on o.number = c.origin
      where c.size > (select count(*) from log_leaf l
        where l.index >= o.first_leaf and l.index < o.first_leaf + c.size)`,
  },
  {
    invariant: 'I6',
    service: 'privacy',
    says: 'the leaves of the log are not numbered without a gap',
    sql: `select max(index) from log_leaf having max(index) + 1 <> count(*)`,
  },
  {
    invariant: 'I6',
    service: 'privacy',
    says: 'a checkpoint of the log is smaller than one that was signed before it',
    // Two clocks may differ by a little, and a checkpoint is not signed twice for one size.
    sql: `
      select later.size from log_checkpoint later
      join lateral (select max(size) as size from log_checkpoint c
        where c.origin = later.origin and c.at < later.at - interval '5 seconds') before on true
      where later.size < before.size`,
  },
  {
    invariant: 'I6',
    service: 'privacy',
    says: 'a receipt that counts is not in the leaf that is named for it',
    sql: `
      select b.receipt_id from batch_receipt b
      left join (${RECEIPTS}) l on l.index = b.leaf
      where b.leaf is not null
        and (l.index is null or l.service <> b.service
          or position(decode(l.signature, 'base64') in b.receipt) = 0)`,
  },
  {
    invariant: 'I6',
    service: 'privacy',
    says: 'a receipt stands in the log without a key that was valid there',
    sql: `
      select l.index from (${RECEIPTS}) l
      left join log_key k on k.origin = l.origin and k.key_id = l.key_id and k.service = l.service
      where k.key_id is null or k.leaf_index >= l.index or k.revoked_index < l.index`,
  },
  {
    invariant: 'I6',
    service: 'privacy',
    says: 'a receipt in the log does not name the latest leaf about the keys of its service',
    sql: `
      select l.index from (${RECEIPTS}) l
      where l.keys is distinct from (
        select max(at) from log_key k cross join lateral (values (k.leaf_index), (k.revoked_index)) e (at)
        where k.origin = l.origin and k.service = l.service and at < l.index)`,
  },
  ...SERVICES.filter((service) => service !== 'privacy').map((service): CrossRule => ({
    invariant: 'I6',
    service: 'privacy',
    says: `the log does not contain the checkpoint that ${service} has countersigned`,
    collect: {
      service,
      sql: `select origin, size, encode(root, 'hex') as root from heed.log_witness where succeeded_by is null`,
    },
    sql: `
        select known.origin || ' ' || known.size
        from jsonb_to_recordset($1) known (origin text, size bigint, root text)
        where not exists (
          select 1 from log_checkpoint c join log_origin o on o.number = c.origin
          where o.name = known.origin and c.size = known.size and encode(c.root, 'hex') = known.root)`,
  })),
];
