-- breaking: no · reason: keys of the suppression list rotate, and lists of digests are recognised

-- Every hash under which the suppression list may hold the address: its own under each key, and those of its digests.
-- Null: the first alone. `formed` tells of which keys and rules they are; 0: of none.
alter table endpoint add column forms bytea[];
alter table endpoint add column formed integer not null default 0;
create index endpoint_formed on endpoint (tenant_id, formed);
select heed.personal('endpoint', 'contact_id', array['address', 'endpoint_hash', 'forms']);

--   listed: brought by a member, as an address or a digest of one; denies permits in its scope.
alter table suppression drop constraint suppression_reason_check;
alter table suppression add constraint suppression_reason_check check (reason in ('opt_out', 'erased', 'listed'));
alter table suppression add column stated text not null default '' check (stated ~ '^([a-z][a-z0-9_-]{0,62})?$');

-- Rotations of the key of a tenant's suppression list.
create table suppression_rotation (
  tenant_id uuid not null,
  rotation_id uuid not null,
  key_version smallint not null check (key_version between 2 and 255),
  state text not null check (state in ('announced', 'forming', 'opened', 'lifting', 'done')),
  formed bigint not null default 0,
  lifted bigint not null default 0,
  begun_at timestamptz not null,
  ended_at timestamptz,
  primary key (tenant_id, rotation_id),
  constraint suppression_rotation_version unique (tenant_id, key_version)
);
select heed.walled('suppression_rotation');

-- The one way in which an entry changes: it moves to a hash under a newer key. No statement of the service can take one
-- away; what it puts in its place bears a higher version, and both are compared with the same addresses. It runs as the
-- owner, whom the wall binds as well (FORCE), so it reaches the tenant of the transaction and no other.
create function heed.lift_suppression(olds bytea[], news bytea[]) returns bigint
  language sql security definer set search_path = ''
  begin atomic
    with pairs as (
      select o.hash as old, n.hash as new
      from unnest(olds) with ordinality o (hash, n)
      join unnest(news) with ordinality n (hash, n) using (n)
      where get_byte(n.hash, 0) > get_byte(o.hash, 0) and get_byte(n.hash, 1) = get_byte(o.hash, 1)
    ), gone as (
      delete from public.suppression s using pairs p
      where s.tenant_id = nullif(current_setting('heed.tenant', true), '')::uuid and s.endpoint_hash = p.old
      returning s.tenant_id, p.new, s.reason, s.channel, s.purpose, s.normaliser, s.at, s.stated
    ), lifted as (
      insert into public.suppression as s
        (tenant_id, endpoint_hash, reason, channel, purpose, normaliser, at, stated)
      select tenant_id, new, reason, channel, purpose, normaliser, max(at), max(stated) from gone
      group by tenant_id, new, reason, channel, purpose, normaliser
      on conflict on constraint suppression_pkey do update set at = greatest(s.at, excluded.at)
    )
    select count(*) from gone;
  end;

do $$
begin
  execute format('grant update (forms, formed) on endpoint to %I', heed.role('service'));
  execute format('revoke delete on suppression_rotation from %I', heed.role('service'));
end
$$;
call heed.grant_to('execute', 'function heed.lift_suppression(bytea[], bytea[])', 'service');
