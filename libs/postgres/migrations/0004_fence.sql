-- breaking: no · reason: the fence in one line
-- What each part of the fence is for was found by trying to get past it; the spec next to this lib tries again.

-- No statistics on personal columns, nor on expressions over them: histograms keep erased values after DELETE and VACUUM.
-- What ANALYZE has kept so far is cleared: a target of 0 alone leaves it where it is.
create function heed.forget_statistics(relation regclass, personal text[]) returns void
  language plpgsql
as $$
declare
  part regclass;
  item record;
begin
  for part in select heed.with_partitions(relation) loop
    for item in select unnest(personal) as name loop
      execute format('alter table %s alter column %I set statistics 0', part, item.name);
      perform pg_clear_attribute_stats(n.nspname::text, c.relname::text, item.name, inherited)
      from pg_class c join pg_namespace n on n.oid = c.relnamespace, unnest(array[true, false]) inherited
      where c.oid = part;
    end loop;
    for item in
      select distinct i.indexrelid::regclass as index, k.n
      from pg_index i
      cross join generate_subscripts(i.indkey, 1) as k (n)
      join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = i.indexrelid
        and d.refclassid = 'pg_class'::regclass and d.refobjid = i.indrelid
      join pg_attribute a on a.attrelid = i.indrelid and a.attnum = d.refobjsubid
      where i.indrelid = part and i.indkey[k.n] = 0 and a.attname = any (personal)
    loop
      execute format('alter index %s alter column %s set statistics 0', item.index, item.n + 1);
    end loop;
  end loop;
end
$$;

-- The personal columns of a fenced table; called again when a migration adds one.
-- CHECK: a row whose subject was cut off can take nothing personal again.
create function heed.personal(relation regclass, subject text, personal text[]) returns void
  language plpgsql
as $$
declare
  plain text := (select relname from pg_class where oid = relation);
  check_name text := left(plain, 50) || '_anonymous';
begin
  execute format('alter table %s drop constraint if exists %I', relation, check_name);
  if cardinality(personal) > 0 then
    execute format('alter table %s add constraint %I check (%I is not null or (%s))', relation, check_name, subject,
      (select string_agg(format('%I is null', name), ' and ' order by n)
       from unnest(personal) with ordinality p (name, n)));
  end if;
  perform heed.forget_statistics(relation, personal);
end
$$;

-- Hides retained rows. Restrictive, so that no other policy can open them again; WITH CHECK, so that these roles can
-- neither insert a row as retained nor mark one. The eraser must see what it marks, and is not named.
create function heed.hide_retained(relation regclass) returns void
  language plpgsql
as $$
begin
  execute format('drop policy if exists retained_hidden on %s', relation);
  execute format(
    'create policy retained_hidden on %s as restrictive to %s '
    'using (retained_under is null) with check (retained_under is null)',
    relation, (select string_agg(quote_ident(r), ', ' order by r) from heed.roles('service', 'import', 'relay', 'bus') r));
end
$$;

-- One reference to a subject: the key of three that the fence consists of and, where a legal ground may retain rows,
-- a second key of two, so that a retained row still cannot name a subject of nobody or of another tenant.
create function heed.refer_to_subject(relation regclass, subject text, retainable boolean) returns void
  language plpgsql
as $$
declare
  plain text := (select relname from pg_class where oid = relation);
  tenant smallint;
  person smallint;
begin
  select attnum into person from pg_attribute
  where attrelid = relation and attname = subject and atttypid = 'uuid'::regtype and not attisdropped;
  if person is null then
    raise exception '% has no column "% uuid"', relation, subject using errcode = 'HD002';
  end if;
  -- NOT DEFERRABLE: a deferred refusal would come at COMMIT, outside the handler.
  -- The name's ending is what tells a refusal by the fence from any other foreign key.
  execute format(
    'alter table %s add constraint %I foreign key (tenant_id, %I, subject_live) '
    'references heed.subject (tenant_id, subject_id, live) not deferrable',
    relation, left(plain || '_' || subject, 57) || '_fence', subject);
  if retainable then
    execute format(
      'alter table %s add constraint %I foreign key (tenant_id, %I) '
      'references heed.subject (tenant_id, subject_id) not deferrable',
      relation, left(plain || '_' || subject, 57) || '_known', subject);
  end if;
  -- Without this index each lowering of `live` reads the whole table.
  select attnum into tenant from pg_attribute where attrelid = relation and attname = 'tenant_id';
  if not exists (
    select 1 from pg_index
    where indrelid = relation and indpred is null and indnkeyatts >= 2 and indkey[0] = tenant and indkey[1] = person
  ) then
    execute format('create index %I on %s (tenant_id, %I)', left(plain || '_' || subject, 58) || '_idx', relation, subject);
  end if;
end
$$;

-- A table about people. `subject` names the column of the person whose erasure deletes or anonymises the row, `also`
-- that of a second person, who is cut off by theirs; `personal` are the columns that must be empty without a subject.
create function heed.fenced(
  relation regclass, subject text, personal text[] default '{}', retainable boolean default false, also text default null
) returns void
  language plpgsql
as $$
declare
  part regclass;
begin
  perform heed.walled(relation);
  if retainable then
    execute format('alter table %s add column retained_under text check (retained_under <> '''')', relation);
  end if;
  -- STORED, because no foreign key takes a virtual column, and 18 generates virtual ones by default. NULL in a row that
  -- is retained: the key of three then does not hold it, and `live` can be lowered over it.
  execute format('alter table %s add column subject_live boolean generated always as (%s) stored', relation,
    case when retainable then 'case when retained_under is null then true end' else 'true' end);
  perform heed.refer_to_subject(relation, subject, retainable);
  if also is not null then
    perform heed.refer_to_subject(relation, also, retainable);
  end if;
  perform heed.personal(relation, subject, personal);
  if retainable then
    for part in select heed.with_partitions(relation) loop
      perform heed.hide_retained(part);
    end loop;
  end if;
end
$$;
