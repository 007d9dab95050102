-- breaking: no · reason: an opt-out may be from one sender: what its recipients see in From, or the number that calls

-- Empty: every sender, as before.
alter table consent_entry add column sender text not null default '' check (length(sender) <= 254);
alter table consent_state add column sender text not null default '' check (length(sender) <= 254);
alter table suppression add column sender text not null default '' check (length(sender) <= 254);
-- Who was permitted to write or call; empty in rows of before.
alter table permit add column sender text not null default '';

alter table consent_state drop constraint consent_state_pkey;
alter table consent_state add constraint consent_state_pkey primary key (tenant_id, contact_id, channel, purpose, sender);

-- It names the key that changes; see 0013.
drop function heed.lift_suppression(bytea[], bytea[]);
alter table suppression drop constraint suppression_pkey;
alter table suppression add constraint suppression_pkey
  primary key (tenant_id, endpoint_hash, reason, channel, purpose, sender);
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
      returning s.tenant_id, p.new, s.reason, s.channel, s.purpose, s.sender, s.normaliser, s.at, s.stated
    ), lifted as (
      insert into public.suppression as s
        (tenant_id, endpoint_hash, reason, channel, purpose, sender, normaliser, at, stated)
      select tenant_id, new, reason, channel, purpose, sender, normaliser, max(at), max(stated) from gone
      group by tenant_id, new, reason, channel, purpose, sender, normaliser
      on conflict on constraint suppression_pkey do update set at = greatest(s.at, excluded.at)
    )
    select count(*) from gone;
  end;
call heed.grant_to('execute', 'function heed.lift_suppression(bytea[], bytea[])', 'service');
