-- breaking: no · reason: what members did waits for the audit log, in the transaction of what they did
-- Ids, an RPC's name and a time: who did what to what. Gone once privacy has it.
create table heed.untold_act (
  tenant_id uuid not null,
  entry_id uuid not null,
  -- A member, or an API key.
  actor_id text not null check (length(actor_id) between 1 and 64),
  action text not null check (length(action) between 1 and 200),
  about_id uuid not null,
  at timestamptz not null,
  primary key (tenant_id, entry_id)
);
select heed.walled('heed.untold_act');
