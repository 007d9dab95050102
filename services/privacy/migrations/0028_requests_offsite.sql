-- breaking: no · reason: a privacy that is put back must not forget what people asked for, took back, or is held of them
-- Copied off site as it is written, whoever writes it: a request when it is taken, put off and ended; a hold when it is
-- placed and released. Ids, codes and times; what was given to find a person by is not in these rows.
create function copy_request() returns trigger
  language plpgsql set search_path = ''
as $$
begin
  insert into heed.offsite_due (log, tenant_id, payload)
  select 'requests', new.tenant_id, pg_catalog.convert_to(pg_catalog.to_jsonb(new)::text, 'UTF8')
  where exists (select 1 from heed.offsite_head where log = 'requests');
  return null;
end
$$;
create trigger request_offsite after insert on request for each row execute function copy_request();
create trigger request_offsite_later after update on request for each row
  when (old.closed_at is distinct from new.closed_at or old.due_at <> new.due_at)
  execute function copy_request();

create function copy_hold() returns trigger
  language plpgsql set search_path = ''
as $$
begin
  insert into heed.offsite_due (log, tenant_id, payload)
  select 'holds', new.tenant_id, pg_catalog.convert_to(pg_catalog.to_jsonb(new)::text, 'UTF8')
  where exists (select 1 from heed.offsite_head where log = 'holds');
  return null;
end
$$;
create trigger hold_offsite after insert or update on hold for each row execute function copy_hold();
