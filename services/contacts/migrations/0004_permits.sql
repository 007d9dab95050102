-- breaking: no · reason: permits, and people whom nobody may contact
-- A row per permit, written before the sender learns the address: it makes the permit single-use, is what frequency caps
-- will count, and stops a primary that was cut off, which cannot commit it.
create table permit (
  tenant_id uuid not null,
  permit_id uuid not null,
  -- UTC midnight of `issued_at`. A key of a partitioned table holds the partition's column, and with the instant itself
  -- in it nothing would ever collide; a day does, and the day before is looked at (permit.store.ts).
  day timestamptz not null,
  issued_at timestamptz not null,
  attempt_id uuid not null,
  nonce bytea not null check (octet_length(nonce) = 16),
  contact_id uuid not null,
  endpoint_id uuid not null,
  endpoint_hash bytea not null,
  -- Opens the commitment in the leaf. Gone with the row: what the attempt keeps then leads to no address.
  address_salt bytea not null,
  channel text not null,
  purpose text not null,
  consent_entry_id uuid not null,
  rule_version text not null,
  lifetime_ms integer not null check (lifetime_ms between 1 and 1000),
  -- The service that asked.
  issued_to text not null,
  primary key (tenant_id, permit_id, day),
  constraint permit_once unique (tenant_id, attempt_id, nonce, day)
) partition by range (day);
select heed.fenced('permit', subject => 'contact_id', personal => array['endpoint_hash', 'address_salt']);
-- The longest window of a frequency cap.
select heed.partitioned_by_day('permit', keep_days => 35);

-- A request of the person stops all contact at once, before anything about them is worked.
create table stopped (
  tenant_id uuid not null,
  contact_id uuid not null,
  request_id uuid not null,
  at timestamptz not null,
  primary key (tenant_id, contact_id, request_id)
);
select heed.fenced('stopped', subject => 'contact_id');

do $$
begin
  execute format('revoke update, delete on permit, stopped from %I', heed.role('service'));
end
$$;
