-- breaking: no · reason: what purges by age would delete is kept while its person is held
-- Who is held, as privacy tells it: ids, and nothing of why. A hold is placed once and released once; the row of a released
-- one stays, so that its placing, told late or again, does not bring it back.
create table heed.hold (
  tenant_id uuid not null,
  hold_id uuid not null,
  subject_id uuid not null,
  released boolean not null,
  primary key (tenant_id, hold_id)
);
create index hold_standing on heed.hold (tenant_id, subject_id) where not released;
select heed.walled('heed.hold');
call heed.grant_to('select', 'heed.hold', 'import');

-- What every purge by age asks of each row about somebody. Of a row that is nobody's any more: false.
create function heed.is_held(tenant uuid, subject uuid) returns boolean
  language sql stable
  return exists (
    select 1 from heed.hold h where h.tenant_id = tenant and h.subject_id = subject and not h.released);
call heed.grant_to('execute', 'function heed.is_held(uuid, uuid)', 'service', 'eraser', 'import');
