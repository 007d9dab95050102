-- breaking: no · reason: first version of the frame
-- The schema `heed` is what every service's database has: the helpers that make a walled and fenced table one line,
-- and the table of subjects that the fence refers to. Everything here belongs to the owner, who alone migrates.

-- The login of this database's service for one purpose: 'service' gives 'contacts_service'. The service's name is
-- read from the owner of this schema, so that one file serves all services and no setting can disagree.
create function heed.role(purpose text) returns name
  language sql stable
  return (
    select (regexp_replace(pg_get_userbyid(n.nspowner)::text, '_owner$', '') || '_' || purpose)::name
    from pg_namespace n
    where n.nspname = 'heed'
  );

-- Those of the named roles that exist here: only contacts has a role for imports.
create function heed.roles(variadic purposes text[]) returns setof name
  language sql stable
  begin atomic
    select rolname from pg_roles where rolname in (select heed.role(p) from unnest(purposes) p);
  end;

create procedure heed.grant_to(privileges text, object text, variadic purposes text[])
  language plpgsql
as $$
declare
  grantee name;
begin
  for grantee in select heed.roles(variadic purposes) order by 1 loop
    execute format('grant %s on %s to %I', privileges, object, grantee);
  end loop;
end
$$;

-- Nothing is for everybody: a role that a later version adds begins with nothing.
revoke all on schema public from public;
alter default privileges revoke execute on functions from public;
revoke execute on all routines in schema heed from public;

call heed.grant_to('usage', 'schema public, heed', 'service', 'eraser', 'relay', 'import', 'probe', 'bus');

-- The schema's version is no secret: each role compares it with the program it belongs to.
grant select on heed.migration to public;
