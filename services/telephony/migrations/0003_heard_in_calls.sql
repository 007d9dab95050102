-- breaking: no · reason: that a recording was announced, and opt-outs by a key

alter table call add column announced_at timestamptz;

-- Somebody pressed the key that means no. Stays until contacts has recorded it: whoever it is about is called by nobody
-- here meanwhile. The key is all that is known of what was said.
create table heard_opt_out (
  tenant_id uuid not null,
  heard_id uuid not null,
  call_id uuid not null,
  contact_id uuid not null,
  endpoint_id uuid,
  key text not null check (key ~ '^[0-9*#A-D]$'),
  heard_at timestamptz not null,
  primary key (tenant_id, heard_id),
  -- A key pressed ten times in a call says the same ten times.
  constraint heard_opt_out_call_key unique (tenant_id, call_id)
);
select heed.fenced('heard_opt_out', subject => 'contact_id');
