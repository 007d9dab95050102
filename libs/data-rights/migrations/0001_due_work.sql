-- breaking: no · reason: work that is due, claimed by one process at a time
-- Orders to carry out, receipts to ask for: what must be done until it is done, through any crash. Ids and times only,
-- so one loop can look over all tenants; the work itself happens behind each tenant's wall.
create table heed.due_work (
  queue text not null check (queue ~ '^[a-z][a-z-]{1,39}$'),
  tenant_id uuid not null,
  ref uuid not null,
  due_at timestamptz not null,
  attempts integer not null default 0,
  -- Why the last attempt failed: a code.
  reason text check (reason ~ '^[A-Z][A-Z0-9_]{0,63}$'),
  -- Whoever writes under another claim than this one has lost the work to somebody else.
  claim uuid,
  claimed_until timestamptz,
  -- Added once more while somebody had it in hand: it stays after they are done.
  again boolean not null default false,
  primary key (queue, tenant_id, ref)
)
-- A row is claimed, put off and claimed again: its versions stay on the page.
with (fillfactor = 60);
create index due_work_at on heed.due_work (queue, due_at);
select heed.infrastructure('heed.due_work', 'service', 'eraser');
