-- breaking: no · reason: which campaigns have something to do, over all tenants

-- Claimed fairly over tenants, so it stands outside them: ids, times and numbers.
create table campaign_work (
  campaign_id uuid primary key,
  tenant_id uuid not null,
  -- 'infinity': nothing to do until somebody resumes, cancels or concludes.
  due_at timestamptz not null,
  -- Whoever plans holds a lease; the number tells them from a planner before, who lost it.
  leased_until timestamptz not null default '-infinity',
  fence bigint not null default 0,
  -- The last ordinal handed out.
  dispatched_to bigint not null default 0,
  -- The token bucket of the rate. Its time is also when the campaign was last served.
  credit double precision not null default 0,
  paced_at timestamptz not null
)
with (fillfactor = 20);
create index campaign_work_due on campaign_work (due_at);
-- The eraser too ends campaigns: the last open intent may be that of a person who is being erased.
select heed.infrastructure('campaign_work', 'service', 'eraser');
