-- breaking: no · reason: services that purge by age are told whom a hold keeps
-- Told as it is written, whoever writes it: when it is placed, released, or comes back from off site.
create function tell_hold() returns trigger
  language plpgsql set search_path = ''
as $$
begin
  insert into heed.due_work as w (queue, tenant_id, ref, due_at)
  values ('tell-holds', new.tenant_id, new.hold_id, pg_catalog.clock_timestamp())
  on conflict (queue, tenant_id, ref) do update set due_at = excluded.due_at, again = w.claim is not null;
  return null;
end
$$;
create trigger hold_told after insert or update on hold for each row execute function tell_hold();

-- Those that stood before anybody was told.
alter table hold no force row level security;
insert into heed.due_work (queue, tenant_id, ref, due_at)
select 'tell-holds', tenant_id, hold_id, clock_timestamp() from hold where released_at is null;
alter table hold force row level security;
