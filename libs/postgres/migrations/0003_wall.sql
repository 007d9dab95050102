-- breaking: no · reason: tables behind the tenant wall, tables without tenant data, staging tables
-- Each service's migrations call these, one line per table. They run as the owner and are granted to nobody.

-- The table and all its partitions, the partitions of partitions included.
create function heed.with_partitions(relation regclass) returns setof regclass
  language sql stable
  begin atomic
    select relid from pg_partition_tree(relation)
    union
    select relation;
  end;

-- Row-level security on one table, a partition or not. A policy on the parent alone leaves a partition open to whoever
-- reads it by its own name (tried). FORCE binds the owner too; the checks of foreign keys run past all policies,
-- which is why the tenant stands in every key.
create function heed.raise_wall(relation regclass) returns void
  language plpgsql
as $$
begin
  execute format('alter table %s enable row level security', relation);
  execute format('alter table %s force row level security', relation);
  execute format('drop policy if exists tenant_wall on %s', relation);
  execute format(
    'create policy tenant_wall on %s '
    'using (tenant_id = nullif(current_setting(''heed.tenant'', true), '''')::uuid) '
    'with check (tenant_id = nullif(current_setting(''heed.tenant'', true), '''')::uuid)', relation);
end
$$;

create function heed.check_tenant_leads(relation regclass) returns void
  language plpgsql
as $$
declare
  tenant smallint;
  offender regclass;
begin
  select attnum into tenant from pg_attribute
  where attrelid = relation and attname = 'tenant_id' and atttypid = 'uuid'::regtype and attnotnull;
  if tenant is null then
    raise exception '% has no column "tenant_id uuid not null"', relation using errcode = 'HD002';
  end if;
  select indexrelid::regclass into offender from pg_index
  where indrelid = relation and indisunique and indkey[0] <> tenant;
  if offender is not null then
    raise exception '% of % does not begin with tenant_id: it would tell one tenant what another holds',
      offender, relation using errcode = 'HD002';
  end if;
end
$$;

-- A table of tenants' data: the wall, and what each role may do behind it.
create function heed.walled(relation regclass) returns void
  language plpgsql
as $$
declare
  part regclass;
begin
  perform heed.check_tenant_leads(relation);
  for part in select heed.with_partitions(relation) loop
    perform heed.raise_wall(part);
  end loop;
  -- On the parent only: nobody reads a partition by its own name.
  call heed.grant_to('select, insert, update, delete', relation::text, 'service', 'eraser');
  call heed.grant_to('select', relation::text, 'probe');
end
$$;

-- A table without tenants' data (cursors, leases). `purposes` are the roles that work with it.
create function heed.infrastructure(relation regclass, variadic purposes text[] default array['service'])
  returns void
  language plpgsql
as $$
begin
  call heed.grant_to('select, insert, update, delete', relation::text, variadic purposes);
  call heed.grant_to('select', relation::text, 'probe');
end
$$;

-- A staging table of an import. PostgreSQL refuses COPY into a table whose policies bind the role (0A000), so the
-- role for imports owns it and the policies bind all others: the eraser and the probe stay inside their tenant.
create function heed.staging(relation regclass) returns void
  language plpgsql
as $$
declare
  importer name;
begin
  select heed.roles('import') into importer;
  if importer is null then
    raise exception 'this service has no role for imports' using errcode = 'HD002';
  end if;
  perform heed.check_tenant_leads(relation);
  perform heed.raise_wall(relation);
  execute format('alter table %s no force row level security', relation);
  call heed.grant_to('select, delete', relation::text, 'eraser');
  call heed.grant_to('select', relation::text, 'probe');
  -- A new owner must be allowed to create in the schema, at this moment only.
  execute format('grant create on schema public to %I', importer);
  execute format('alter table %s owner to %I', relation, importer);
  execute format('revoke create on schema public from %I', importer);
end
$$;
