-- breaking: no · reason: first answers of requests, for their repetition
-- A request with a `request_id` is answered once; for 7 days its repetition gets the first answer. The row is written
-- in the transaction of the use case, so that a change and its answer are both there or both not. A second request in
-- flight waits at the primary key until the first has committed or rolled back.
create table heed.rpc_replay (
  tenant_id uuid not null,
  -- Digest of method, caller and request id: the request id itself, from which the two below are keyed, is not kept.
  id bytea not null check (length(id) = 32),
  -- Tells another request under the same id. Keyed: a plain digest of a short request could be guessed backwards.
  request_mac bytea not null check (length(request_mac) = 32),
  -- Sealed under a key made of request id and request; NULL only within the transaction that makes it.
  answer bytea,
  at timestamptz not null,
  primary key (tenant_id, id)
)
-- The answer follows its row at once: there it finds room on the page.
with (fillfactor = 70);
create index rpc_replay_at on heed.rpc_replay (at);
select heed.walled('heed.rpc_replay');

-- Whoever removes what has expired sees keys and times, of all tenants, and no answer.
call heed.grant_to('select (tenant_id, id, at), delete', 'heed.rpc_replay', 'relay');
do $$
begin
  execute format('create policy expiry on heed.rpc_replay to %s using (true)',
    (select string_agg(quote_ident(r), ', ') from heed.roles('relay') r));
end
$$;
