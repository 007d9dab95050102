-- breaking: no · reason: who said what became of an intent whose outcome was unknown

-- The intent by its place in the audience: after an erasure that leads to nobody.
create table intent_resolution (
  tenant_id uuid not null,
  campaign_id uuid not null,
  ordinal bigint not null,
  outcome text not null check (outcome in ('sent', 'failed')),
  note text not null check (note ~ '^[a-z_]{1,40}$'),
  -- Who said so: a member's id, as in every log of accesses.
  actor_id text not null check (actor_id ~ '^[a-z0-9-]{1,64}$'),
  resolved_at timestamptz not null,
  primary key (tenant_id, campaign_id, ordinal),
  constraint intent_resolution_intent_fkey
    foreign key (tenant_id, campaign_id, ordinal) references intent (tenant_id, campaign_id, ordinal)
);
select heed.walled('intent_resolution');
do $$
begin
  execute format('revoke update, delete on intent_resolution from %I', heed.role('service'));
end
$$;
