-- breaking: no · reason: public keys of services

-- The first key that a service registers is its key: another is refused until an operator removes this row.
create table service_key (
  service text primary key,
  key_id text not null check (key_id ~ '^[0-9a-f]{16}$'),
  public_key bytea not null check (length(public_key) = 32),
  registered_at timestamptz not null
);
call heed.grant_to('select, insert', 'service_key', 'service');
call heed.grant_to('select', 'service_key', 'probe');
