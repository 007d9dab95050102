-- breaking: no · reason: a receipt for destroyed keys waits for the processes that may hold one, not for a fixed time
-- A process is here before it reads its first key, and again every few seconds while it reads keys. So whoever destroyed
-- keys, and looks here after the commit, sees everybody who may still hold one in memory: who is not here yet reads
-- after the commit, and finds nothing. Ages are measured by this database's clock alone.
create table heed.key_holder (
  holder_id uuid primary key,
  renewed_at timestamptz not null
);
call heed.grant_to('select', 'heed.key_holder', 'service', 'eraser', 'probe');

create function heed.renew_key_holder(holder uuid) returns void
  language sql security definer set search_path = ''
  begin atomic
    insert into heed.key_holder as h (holder_id, renewed_at) values (holder, clock_timestamp())
    on conflict (holder_id) do update set renewed_at = clock_timestamp();
  end;

create function heed.leave_key_holders(holder uuid) returns void
  language sql security definer set search_path = ''
  begin atomic
    delete from heed.key_holder where holder_id = holder;
  end;

-- Everybody but `holder` who may hold a key, and for how many milliseconds more. Those who no longer can are cleared away.
create function heed.other_key_holders(holder uuid, life_ms integer)
  returns table (holder_id uuid, left_ms double precision)
  language sql security definer set search_path = ''
  begin atomic
    delete from heed.key_holder h where h.renewed_at < clock_timestamp() - make_interval(secs => life_ms / 1000.0);
    select h.holder_id, life_ms - 1000 * extract(epoch from clock_timestamp() - h.renewed_at)::double precision
    from heed.key_holder h
    where h.holder_id <> holder and h.renewed_at >= clock_timestamp() - make_interval(secs => life_ms / 1000.0);
  end;

call heed.grant_to('execute', 'function heed.renew_key_holder(uuid)', 'service');
call heed.grant_to('execute', 'function heed.leave_key_holders(uuid)', 'service');
call heed.grant_to('execute', 'function heed.other_key_holders(uuid, integer)', 'service');
