-- breaking: no · reason: tables that are partitioned by day and dropped by day
-- Making and dropping a partition is the owner's right; these two functions lend it, for the tables named here only.

create table heed.day_partitioned (
  -- schema.table; a regclass would not survive a logical restore.
  relation text primary key,
  keep_days integer not null check (keep_days between 1 and 3660)
);
call heed.grant_to('select', 'heed.day_partitioned', 'service', 'relay', 'probe');

create function heed.qualified(relation regclass) returns text
  language sql stable
  return (
    select format('%I.%I', n.nspname, c.relname)
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.oid = relation
  );

-- Partitions of UTC days: `partition by range (<timestamptz>)` must have been said when the table was created.
create function heed.partitioned_by_day(relation regclass, keep_days integer) returns void
  language plpgsql
as $$
begin
  if not exists (
    select 1 from pg_partitioned_table p
    join pg_attribute a on a.attrelid = p.partrelid and a.attnum = p.partattrs[0]
    where p.partrelid = relation and p.partstrat = 'r' and p.partnatts = 1 and a.atttypid = 'timestamptz'::regtype
  ) then
    raise exception '% is not partitioned by range of one timestamptz', relation using errcode = 'HD002';
  end if;
  insert into heed.day_partitioned values (heed.qualified(relation), keep_days)
  on conflict on constraint day_partitioned_pkey do update set keep_days = excluded.keep_days;
end
$$;

create function heed.day_table(relation regclass) returns heed.day_partitioned
  language plpgsql stable
as $$
declare
  entry heed.day_partitioned;
begin
  select * into entry from heed.day_partitioned d where d.relation = heed.qualified(day_table.relation);
  if not found then
    raise exception '% is not partitioned by day', relation using errcode = 'HD002';
  end if;
  return entry;
end
$$;

-- Makes the partitions of `days` days from the day of `at` on, and returns how many were missing.
-- CREATE TABLE + ATTACH and not PARTITION OF: the latter locks the parent against readers and writers. What remains is
-- a moment's lock of heed.subject against writers for a fenced table, hence days ahead and with a short timeout.
create function heed.ensure_day_partitions(relation regclass, at timestamptz, days integer) returns integer
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set lock_timeout = '3s'
  set timezone = 'UTC'
as $$
declare
  entry heed.day_partitioned := heed.day_table(relation);
  home name;
  plain name;
  part text;
  day date;
  made integer := 0;
  fenced boolean := exists (
    select 1 from pg_constraint where conrelid = relation and contype = 'f' and confrelid = 'heed.subject'::regclass);
begin
  select n.nspname, c.relname into home, plain
  from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = relation;
  -- One at a time: several replicas ask at once.
  perform pg_advisory_xact_lock(hashtextextended('heed.day_partitions.' || relation::oid, 0));
  for day in select generate_series(at::date, at::date + (days - 1), interval '1 day')::date loop
    part := format('%I.%I', home, left(plain, 50) || to_char(day, '"_d"YYYYMMDD'));
    continue when to_regclass(part) is not null;
    execute format('create table %s (like %s including all excluding identity)', part, relation);
    perform heed.copy_protection(relation, part::regclass);
    execute format('alter table %s attach partition %s for values from (%L) to (%L)',
      relation, part, day::timestamptz, (day + 1)::timestamptz);
    made := made + 1;
  end loop;
  -- Lowering `live` looks into every partition: 180 of them took 0.6 s for 500 subjects.
  if fenced and (select count(*) from pg_inherits where inhparent = relation) > 60 then
    raise exception 'more than 60 partitions under the fence of %', relation using errcode = 'HD002';
  end if;
  return made;
end
$$;

-- Policies and statistics are not copied by LIKE; grants are none on purpose.
create function heed.copy_protection(parent regclass, part regclass) returns void
  language plpgsql
as $$
begin
  if (select relrowsecurity from pg_class where oid = parent) then
    if exists (select 1 from pg_policy where polrelid = parent and polname = 'tenant_wall') then
      perform heed.raise_wall(part);
    end if;
    if exists (select 1 from pg_policy where polrelid = parent and polname = 'retained_hidden') then
      perform heed.hide_retained(part);
    end if;
    execute format('alter table %s enable row level security', part);
    execute format('alter table %s force row level security', part);
  end if;
  perform heed.forget_statistics(part, array(
    select attname::text from pg_attribute where attrelid = parent and attstattarget = 0 and not attisdropped));
end
$$;

-- Drops the partitions that ended `keep_days` before `at` or earlier, and returns how many. `not_after` holds back what
-- a reader has not passed yet: partitions that end later than it stay.
create function heed.drop_day_partitions(relation regclass, at timestamptz, not_after timestamptz default 'infinity')
  returns integer
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set lock_timeout = '3s'
  set timezone = 'UTC'
as $$
declare
  entry heed.day_partitioned := heed.day_table(relation);
  part regclass;
  dropped integer := 0;
begin
  perform pg_advisory_xact_lock(hashtextextended('heed.day_partitions.' || relation::oid, 0));
  for part in
    select i.inhrelid::regclass from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = relation and c.relname ~ '_d\d{8}$'
      and to_date(right(c.relname, 8), 'YYYYMMDD') + 1 <= least(at - make_interval(days => entry.keep_days), not_after)
    order by c.relname
  loop
    execute format('drop table %s', part);
    dropped := dropped + 1;
  end loop;
  return dropped;
end
$$;

call heed.grant_to('execute',
  'function heed.ensure_day_partitions(regclass, timestamptz, integer), '
  'heed.drop_day_partitions(regclass, timestamptz, timestamptz)', 'service', 'relay');
