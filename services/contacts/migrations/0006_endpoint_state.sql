-- breaking: no · reason: addresses that mail comes back from, and the ways of saying no by mail

-- What senders heard of an address. It is about the address and not about consent: an address that does not exist is
-- not written to again, since mail providers count that against whoever goes on.
create table endpoint_state (
  tenant_id uuid not null,
  endpoint_id uuid not null,
  contact_id uuid not null,
  state text not null check (state in ('reachable', 'undeliverable')),
  -- Code of the report that decided.
  reason text not null check (reason ~ '^[a-z0-9_]{0,40}$'),
  -- Passing failures in a row, none of them longer than a month before the next.
  failures integer not null check (failures >= 0),
  heard_at timestamptz not null,
  primary key (tenant_id, endpoint_id)
);
select heed.fenced('endpoint_state', subject => 'contact_id');

alter table consent_entry drop constraint consent_entry_source_check;
alter table consent_entry add constraint consent_entry_source_check check (source in ('import', 'one_click', 'page',
  'agent', 'api', 'request', 'reply', 'mailto', 'complaint'));

do $$
begin
  execute format('revoke delete on endpoint_state from %I', heed.role('service'));
end
$$;
