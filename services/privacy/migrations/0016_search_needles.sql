-- breaking: no · reason: whoever was erased is searched for by address as well, until the next sweep
-- What a person was reached at, to search for what may be left of them when they are gone. Under an id of its own and
-- not the person's: it outlives them until they were searched for in every column, and some days at most. Sealed under
-- one key for all of a tenant's of one day, which is destroyed behind the last of them.
create table search_needle (
  tenant_id uuid not null,
  needle_id uuid not null,
  -- Follows from tenant and day: whose key it is sealed under.
  holder_id uuid not null,
  request_id uuid not null,
  handle uuid not null,
  channel text not null check (channel in ('email', 'voice')),
  address bytea not null,
  created_at timestamptz not null,
  primary key (tenant_id, needle_id)
);
create index search_needle_handle on search_needle (tenant_id, handle);
create index search_needle_request on search_needle (tenant_id, request_id);
select heed.fenced('search_needle', subject => 'holder_id', personal => array['address']);
