import { newId } from '@heed/kernel';

/** Ids that the faults are about. */
export const [tenant, contact, request, id] = [newId(), newId(), newId(), newId()];

/** A string in protobuf has its length before it and the next field behind it. */
const payload = (text: string): string => `convert_to(E'\\x12\\x10${text}\\x1a\\x02', 'UTF8')`;

export const event = (text: string, key: string = contact, traceparent = 'null'): string => `
  select heed.ensure_day_partitions('heed.outbox', clock_timestamp(), 2);
  insert into heed.outbox (tenant_id, id, type, topic, shard, key, occurred_at, traceparent, payload)
  values ('${tenant}', '${id}', 'a.Type', 'a.topic', 0, '${key}', clock_timestamp(), ${traceparent}, ${payload(text)})`;

export const person = `
  insert into heed.subject (tenant_id, subject_id) values ('${tenant}', '${contact}');
  insert into endpoint (tenant_id, endpoint_id, contact_id, channel, address, endpoint_hash, normaliser, created_at)
  values ('${tenant}', '${newId()}', '${contact}', 'email', 'ada@b.museum', decode(repeat('ab', 34), 'hex'), 1,
    clock_timestamp())`;

/** An erasure that every store of every manifest has answered, probed and in the log. */
export const completed = `
  ${logged()}
  insert into request (tenant_id, request_id, asked_right, state, subject_id, subject_kind, objects, verification,
    taken_by, received_at, due_at, closed_at, closing_leaf)
  values ('${tenant}', '${request}', 'ERASURE', 'COMPLETED', '${contact}', 'contact', false, 'callback', '${newId()}',
    clock_timestamp(), clock_timestamp(), clock_timestamp(), 0);
  insert into erasure_ledger (tenant_id, subject_id, request_id, at)
  values ('${tenant}', '${contact}', '${request}', clock_timestamp());
  insert into request_pin select '${tenant}', '${request}', service, version from manifest;
  ${answered('ERASE', 1, 'ERASED')}
  ${answered('PROBE', 2, 'PROBED_CLEAN')}`;

/** A log in which each service's key stands behind the closing leaf, then its receipt of each order. */
function logged(): string {
  const hash = `decode(repeat('ab', 32), 'hex')`;
  const receipt = `convert_to(jsonb_build_object('key_id', to_char(n, 'fm0000000000000000'), 'keys', n,
    'service', service, 'signature', encode('x', 'base64'), 'tree_size', 1)::text, 'UTF8')`;
  return `
  create temporary table answering as select row_number() over (order by service) as n, service from manifest;
  insert into log_origin values (1, 'a.test/log', 0, clock_timestamp());
  insert into log_leaf values (0, 'x', ${hash}, clock_timestamp());
  insert into log_leaf select n, 'k', ${hash}, clock_timestamp() from answering;
  insert into log_leaf
  select n + orders * (select count(*) from answering), ${receipt}, ${hash}, clock_timestamp()
  from answering, generate_series(1, 2) orders;
  insert into log_key (key_id, service, leaf_index, origin)
  select to_char(n, 'fm0000000000000000'), service, n, 1 from answering;
  insert into log_checkpoint (origin, size, root, note, at)
  select 1, count(*), ${hash}, 'note', clock_timestamp() from log_leaf;`;
}

/** An order, the receipts of all services for it, and what they open to: the same outcome for every store. */
function answered(action: 'ERASE' | 'PROBE', number: number, outcome: string): string {
  const [order, batch] = [newId(), newId()];
  return `
  insert into issued_batch (tenant_id, batch_id, action, issued, services, issued_at)
  select '${tenant}', '${batch}', '${action}', 'x', array_agg(service), clock_timestamp() from manifest;
  insert into subject_order
  values ('${tenant}', '${order}', '${request}', '${contact}', ${number}, '${action}', '${batch}', clock_timestamp());
  insert into batch_receipt (tenant_id, batch_id, service, receipt_id, receipt, received_at, verified_at, leaf)
  select '${tenant}', '${batch}', service, gen_random_uuid(), 'x', clock_timestamp(), clock_timestamp(),
    n + ${number} * (select count(*) from answering) from answering;
  insert into opening (tenant_id, order_id, service, leaf_index, salt, statement, path)
  select '${tenant}', '${order}', service, 0, decode(repeat('ab', 32), 'hex'), convert_to(jsonb_build_object('entries',
    jsonb_agg(jsonb_build_object('store', service || '.' || (store ->> 'name'), 'outcome', '${outcome}')))::text, 'UTF8'),
    '{}'
  from manifest, jsonb_array_elements(convert_from(content, 'UTF8')::jsonb -> 'stores') store
  where store ->> 'kind' <> 'table' or store ->> 'of' = 'subject'
  group by service;`;
}

/** What was said of contacts' endpoints when something was done to them is changed. */
const saidOtherwise = (was: string, is: string): string => `${completed}
  update opening set statement = convert_to(
    replace(convert_from(statement, 'UTF8'), '${said('contacts.endpoint', was)}', '${is}'), 'UTF8')`;

/** As PostgreSQL writes an entry. */
function said(store: string, outcome: string): string {
  return `{"store": "${store}", "outcome": "${outcome}"}`;
}

/** What the person of that request was reached at. */
const needle = `insert into heed.subject (tenant_id, subject_id) values ('${tenant}', '${id}');
  insert into search_needle (tenant_id, needle_id, holder_id, request_id, handle, channel, address, created_at)
  values ('${tenant}', '${id}', '${id}', '${request}', '${id}', 'email', 'sealed', clock_timestamp())`;

const order = `${completed} insert into subject_order
  values ('${tenant}', '${id}', '${request}', '${contact}', 3, 'ERASE', null, clock_timestamp())`;
const permitDay = `select heed.ensure_day_partitions('permit', '2031-11-27T00:00:00Z', 1);`;

/** Permits of one address on a Tuesday, at these times and of so many milliseconds each, of a tenant with a rule. */
const permitsAt = (rule: string, ...issued: [time: string, lifetimeMs: number][]): string =>
  `select heed.ensure_day_partitions('permit', '2031-11-25T00:00:00Z', 1);
   insert into contact_rules values ('${tenant}', 1, '2031-11-24T00:00:00Z'); ${rule};` +
  issued
    .map(
      ([time, lifetimeMs], index) => `
   insert into permit (tenant_id, permit_id, day, issued_at, attempt_id, nonce, contact_id, endpoint_id, endpoint_hash,
     address_salt, channel, purpose, consent_entry_id, rule_version, lifetime_ms, issued_to)
   values ('${tenant}', '${newId()}', '2031-11-25T00:00:00Z', '2031-11-25T${time}Z', '${newId()}',
     decode(repeat('0${index}', 16), 'hex'), '${contact}', '${id}', decode(repeat('ab', 34), 'hex'), '', 'email', 'news',
     '${id}', 'permits', ${lifetimeMs}, 'messaging');`,
    )
    .join('');
const capOfOne = `insert into frequency_cap values ('${tenant}', 0, 'email', '', 1, 2)`;
const fromEightToNine = `insert into contact_hours values ('${tenant}', 0, '', '', '{2}', 480, 540, 'Europe/Berlin')`;

const outOfSender = `
  insert into consent_entry (tenant_id, entry_id, contact_id, channel, purpose, sender, state, source, epoch, said_at,
    recorded_at)
  values ('${tenant}', '${id}', '${contact}', 'email', '', 'news@acme.example', 'opted_out', 'agent', 1,
    '2031-11-25T08:00:00Z', '2031-11-25T08:00:00Z')`;

const saidStop = outOfSender
  .replace(`'', 'news@acme.example'`, `'all_outreach', ''`)
  .replace(`'email'`, `''`);

const agreedByForm = `${person}; ${outOfSender
  .replace(`'email', ''`, `'email', 'news'`)
  .replace('state, source', 'state, basis, source')
  .replace(`'opted_out', 'agent'`, `'granted', 'consent', 'sign_up'`)}`;

const toBeConfirmed = (at: string): string => `
  insert into opt_out_confirmation (tenant_id, entry_id, contact_id, attempt_id, due_at, confirm_by)
  values ('${tenant}', '${newId()}', '${contact}', '${newId()}', '${at}', '${at}'::timestamptz + interval '5 minutes')`;

/** What is planted, where, and what `heed check` says of it. */
export type Fault = [what: string, where: 'contacts' | 'privacy', sql: string, says: string];

export const faults: Fault[] = [
  [
    'an address in an event',
    'contacts',
    event('ada@example.org'),
    'I3 contacts: an event carries what looks',
  ],
  [
    'a telephone number in an event',
    'privacy',
    event('+4915111234567'),
    'I3 privacy: an event carries what looks',
  ],
  [
    'an event keyed by an address',
    'contacts',
    event('', 'ada@example.org'),
    'I3 contacts: an event is keyed or',
  ],
  [
    'a text where a trace belongs',
    'contacts',
    event('', contact, `'ada'`),
    'I3 contacts: an event is keyed or',
  ],
  [
    'an address of ours in an event, in capitals',
    'contacts',
    `${person}; ${event('AADA@B.MUSEUM')}`,
    'I3 contacts: an event of contacts carries the address of a contact',
  ],
  [
    'a confirmation that was not due',
    'contacts',
    permitsAt('', ['09:00', 1_000]).replace("'news'", "'opt_out_confirmation'"),
    'I2 contacts: a confirmation of an opt-out was permitted that was not due, or whose minutes were over: 1',
  ],
  [
    'a permit for what the person had refused with STOP',
    'contacts',
    `${saidStop}; ${permitsAt('', ['09:00', 1_000], ['09:01', 1_000])}
     update permit set purpose = 'receipt' where issued_at = '2031-11-25T09:01Z';`,
    'I2 contacts: a permit was issued although the ledger said no when it was: 1',
  ],
  [
    'a permit for a sender from whom the person wanted no more',
    'contacts',
    `${outOfSender}; ${permitsAt('', ['09:00', 1_000], ['09:01', 1_000])}
     update permit set sender = 'news@other.example' where issued_at = '2031-11-25T09:00Z';
     update permit set sender = 'news@acme.example' where issued_at = '2031-11-25T09:01Z';`,
    'I2 contacts: a permit was issued to a sender from whom the person wanted no more: 1',
  ],
  [
    'confirmations of no opt-out, two in a day',
    'contacts',
    `${person}; ${toBeConfirmed('2031-11-25T09:00Z')}; ${toBeConfirmed('2031-11-26T08:59Z')}`,
    'I2 contacts: somebody was to be told twice in a day that their opt-out was heard, or of none: 2',
  ],
  [
    'a consent by a form that nobody confirmed',
    'contacts',
    agreedByForm,
    'I1 contacts: somebody agreed by a form, and nothing is kept of their having confirmed it from their address: 1',
  ],
  [
    'a table that nobody declared',
    'contacts',
    'create schema jobs; create table jobs.job (payload json)',
    'I4 contacts: a table is in no data map: 1 (jobs.job)',
  ],
  [
    'a column that nobody declared',
    'contacts',
    'alter table endpoint add column nickname text',
    'I4 contacts: a column is in no data map: 1 (public.endpoint.nickname)',
  ],
  [
    'a materialized copy',
    'privacy',
    'create materialized view copy as select * from request',
    'I4 privacy: a table is in no data map: 1 (public.copy)',
  ],
  [
    'a file inside the database',
    'contacts',
    `select lo_from_bytea(0, 'x')`,
    'I4 contacts: a file lies inside',
  ],
  [
    'a service without a manifest',
    'privacy',
    `${completed} delete from manifest where service = 'contacts'`,
    'I4 privacy: contacts has shown no manifest',
  ],
  [
    'an audit entry that was taken out',
    'privacy',
    `insert into audit_entry (tenant_id, seq, entry_id, at, actor_id, action, service, hash)
     values ('${tenant}', 2, '${id}', clock_timestamp(), 'a', '/a.B/C', 'contacts', decode(repeat('ab', 32), 'hex'));
     insert into audit_head values ('${tenant}', 2, decode(repeat('ab', 32), 'hex'))`,
    'I6 privacy: an audit chain has a gap',
  ],
  [
    'an end of an audit chain that the log does not know',
    'privacy',
    `${completed}
     insert into audit_anchor values ('${tenant}', 1, 'said', decode(repeat('ab', 32), 'hex'), 0)`,
    'I6 privacy: the log does not commit to what is said of the end of an audit chain',
  ],
  [
    'a needle that no sweep waits for',
    'privacy',
    `${completed} ${needle}`,
    'I5 privacy: what somebody was reached at who was erased is kept, and no sweep waits for it',
  ],
  [
    'a needle that is older than its certificate says',
    'privacy',
    `${completed} ${needle}; update request set closed_at = closed_at - interval '8 days'`,
    'I5 privacy: what somebody was reached at who was erased is kept for longer',
  ],
  [
    'a sweep that the log does not know',
    'privacy',
    `${completed} insert into sweep_opening
     values ('${tenant}', '${request}', 'contacts', '${id}', 0, 0, '{}', 'salt', 'said')`,
    'I6 privacy: the log does not commit to what a service has said of a sweep',
  ],
  [
    'a store with a word that is no answer',
    'privacy',
    saidOtherwise('ERASED', said('contacts.endpoint', 'SKIPPED')),
    `I6 privacy: a request was completed although a store of a pinned manifest has not answered: 1 (${request})`,
  ],
  [
    'a store that was left out',
    'privacy',
    saidOtherwise('ERASED', said('contacts.endpoints', 'ERASED')),
    `I6 privacy: a request was completed although a store of a pinned manifest has not answered: 1 (${request})`,
  ],
  [
    'a service whose statement is gone',
    'privacy',
    `${completed} delete from opening where service = 'contacts'
       and order_id = (select order_id from subject_order where action = 'ERASE')`,
    'I6 privacy: a request was completed although a store of a pinned manifest has not answered',
  ],
  [
    'a store that was not probed',
    'privacy',
    saidOtherwise('PROBED_CLEAN', said('contacts.endpoints', 'PROBED_CLEAN')),
    'I6 privacy: an erasure or correction was completed although a store was not probed afterwards',
  ],
  [
    'a probe that found',
    'privacy',
    saidOtherwise('PROBED_CLEAN', said('contacts.endpoint', 'PROBED_FOUND')),
    'I6 privacy: an erasure or correction was completed although a store was not probed afterwards',
  ],
  [
    'a request without pins',
    'privacy',
    `${completed} delete from request_pin`,
    'I6 privacy: a request was completed with no pins',
  ],
  [
    'a restriction that was lifted without a word',
    'privacy',
    `${completed} update subject_order set action = 'LIFT' where action = 'PROBE'`,
    `I6 privacy: a restriction is lifted, or on its way to be, and nothing says how the person was told before: 1 (${request})`,
  ],
  [
    'exceptions that nobody knows of',
    'privacy',
    `${completed} update request set state = 'COMPLETED_WITH_EXCEPTIONS', exception_reason = 'store_gone',
       closing_statement = '{}'`,
    `I6 privacy: a request was closed with exceptions that the log does not commit to, or by nobody who said why: 1 (${request})`,
  ],
  [
    'a restriction that nothing orders',
    'privacy',
    `${completed} insert into restriction values ('${tenant}', '${contact}', '${request}', clock_timestamp())`,
    `I6 privacy: a person is restricted by a request that orders no restriction: 1 (${contact})`,
  ],
  [
    'somebody whose mark is gone',
    'contacts',
    `${person}; insert into heed.order_batch (tenant_id, batch_id, action, issued, taken_at)
       values ('${tenant}', '${id}', 'RESTRICT', 'x', clock_timestamp());
     insert into heed.order_taken (tenant_id, order_id, batch_id, request_id, subject_id, order_number, action)
       values ('${tenant}', '${newId()}', '${id}', '${request}', '${contact}', 1, 'RESTRICT');
     insert into heed.receipt values ('${tenant}', '${id}', '${newId()}', 'RESTRICT', decode(repeat('ab', 32), 'hex'), 1,
       repeat('ab', 32), clock_timestamp(), repeat('ab', 8), decode(repeat('ab', 64), 'hex'))`,
    `I6 contacts: somebody is restricted, or is not, against the last order about it that was answered: 1 (${contact})`,
  ],
  [
    'an order without its receipt',
    'privacy',
    order,
    'I6 privacy: a request was completed although a service owes a receipt',
  ],
  [
    'a receipt that was not opened',
    'privacy',
    order,
    'I6 privacy: a request was completed although a receipt was not opened for its order',
  ],
  [
    'a log that lost its end',
    'privacy',
    `${completed} delete from log_leaf`,
    'I6 privacy: the log has lost a leaf',
  ],
  [
    'a leaf that is not there, between others',
    'privacy',
    `${completed} delete from log_leaf where index = 3`,
    'I6 privacy: the leaves of the log are not numbered without a gap: 1',
  ],
  [
    'a checkpoint that counts fewer leaves than the one before',
    'privacy',
    `${completed} insert into log_checkpoint (origin, size, root, note, at)
     select 1, 5, root, 'note', at + interval '1 minute' from log_checkpoint`,
    'I6 privacy: a checkpoint of the log is smaller than one that was signed before it: 1 (5)',
  ],
  [
    'a receipt whose leaf is another one',
    'privacy',
    `${completed} update batch_receipt set receipt = 'y' where service = 'contacts'`,
    'I6 privacy: a receipt that counts is not in the leaf that is named for it: 2',
  ],
  [
    'a receipt behind the revocation of its key',
    'privacy',
    `${completed} update log_key set revoked_index = 8 where service = 'campaigns'`,
    'I6 privacy: a receipt stands in the log without a key that was valid there: 1 (13)',
  ],
  [
    'a receipt that is silent on the last leaf about its keys',
    'privacy',
    `${completed} insert into log_key (key_id, service, leaf_index, origin) values ('00000000000000ff', 'campaigns', 9, 1)`,
    'I6 privacy: a receipt in the log does not name the latest leaf about the keys of its service: 1 (13)',
  ],
  [
    'a log that is not the one that a service has countersigned',
    'contacts',
    `insert into heed.log_witness (origin, vkey, size, root, note, at)
     values ('a.test/log', 'vkey', 3, decode(repeat('cd', 32), 'hex'), 'note', clock_timestamp())`,
    'I6 privacy: the log does not contain the checkpoint that contacts has countersigned: 1 (a.test/log 3)',
  ],
  [
    'a request that the log does not know',
    'privacy',
    `${completed} delete from log_leaf`,
    'I6 privacy: a request was completed and the log does not commit to how',
  ],
  [
    'an erasure that is not in the ledger',
    'privacy',
    `${completed} delete from erasure_ledger`,
    'I5 privacy: an erasure is on its way and not in the ledger',
  ],
  [
    'row-level security switched off',
    'contacts',
    'alter table contact disable row level security',
    'I8 contacts: row-level security is off, or does not bind the owner: 1 (contact)',
  ],
  [
    'row-level security not forced',
    'privacy',
    'alter table request no force row level security',
    'I8 privacy: row-level security is off, or does not bind the owner: 1 (request)',
  ],
  [
    'a new table without a wall',
    'contacts',
    'create table note (tenant_id uuid, note_id uuid)',
    'I8 contacts: a table or partition has no wall between tenants: 1 (note)',
  ],
  [
    'a partition without its policy',
    'contacts',
    `${permitDay} drop policy tenant_wall on permit_d20311127`,
    'I8 contacts: a table or partition has no wall between tenants: 1 (permit_d20311127)',
  ],
  [
    'more permits than a cap allows',
    'contacts',
    permitsAt(capOfOne, ['07:00:00', 1000], ['09:00:00', 1000], ['10:59:59', 1000]),
    'I2 contacts: more attempts were permitted than a cap of the tenant allows: 1 (',
  ],
  [
    'permits that outlive the hours of the tenant, or begin before them',
    'contacts',
    permitsAt(
      fromEightToNine,
      ['06:59:59.9', 1000],
      ['07:00:00', 1000],
      ['07:59:59.9', 100],
      ['07:59:59.9', 101],
    ),
    'I2 contacts: a permit lives beyond the hours of the tenant, or was issued outside of them: 2 (',
  ],
  [
    'a policy that was widened',
    'contacts',
    'alter policy tenant_wall on contact using (true)',
    'I8 contacts: a table or partition has no wall between tenants: 1 (contact)',
  ],
  [
    'a door beside the wall',
    'contacts',
    'create policy all_of_it on contact using (true)',
    'I8 contacts: a second policy opens the wall',
  ],
  [
    'a unique key without the tenant',
    'contacts',
    'create unique index by_address on endpoint (address)',
    'I8 contacts: a unique key does not begin with the tenant',
  ],
  [
    'a foreign key without the tenant',
    'contacts',
    `alter table list add unique (list_id);
     alter table list_member add constraint loose foreign key (list_id) references list (list_id)`,
    'I8 contacts: a foreign key leads to rows of other tenants',
  ],
  [
    'a partition granted by its own name',
    'contacts',
    `${permitDay} grant select on permit_d20311127 to contacts_service`,
    'I8 contacts: a partition can be read by its own name',
  ],
  [
    'a view that reads as its owner',
    'contacts',
    'create view people as select * from contact',
    'I8 contacts: a view reads as its owner',
  ],
];
