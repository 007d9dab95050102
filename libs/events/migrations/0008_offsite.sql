-- breaking: no · reason: what must outlive every backup is copied off site as it is written
-- How far each log has been copied. A row is there while copies are made at all (HEED_OFFSITE): what is added meanwhile
-- waits below.
create table heed.offsite_head (
  log text primary key check (log ~ '^[a-z-]{1,40}$'),
  sequence bigint not null check (sequence >= 0),
  digest text not null,
  -- Since when all that was there before copies were made has been added.
  filled_at timestamptz,
  copied_at timestamptz
);

-- What is to be copied, in the transaction that made it; gone once it has been.
create table heed.offsite_due (
  id bigint generated always as identity primary key,
  log text not null,
  tenant_id uuid not null,
  at timestamptz not null default clock_timestamp(),
  payload bytea not null
);

call heed.grant_to('select, insert, update, delete', 'heed.offsite_head', 'service');
call heed.grant_to('select', 'heed.offsite_head', 'eraser');
call heed.grant_to('select, insert, delete', 'heed.offsite_due', 'service');
call heed.grant_to('insert', 'heed.offsite_due', 'eraser');
call heed.grant_to('select', 'heed.offsite_head, heed.offsite_due', 'probe');
