-- breaking: no · reason: the keys that sealed bodies live and die with
-- This table lies in a database of its own, since no backup can leave out a schema: here backups live 7 days at most, and
-- those of the main database may be of any kind, because bodies die with these keys.
-- Fenced like any table about people: a key that was destroyed cannot be made again for the same subject.
create table heed.subject_key (
  tenant_id uuid not null,
  subject_id uuid not null,
  -- The data key, encrypted by the master key. Useless without it, useless for another subject.
  wrapped bytea not null,
  kms_key_id text not null,
  at timestamptz not null,
  constraint subject_key_pkey primary key (tenant_id, subject_id)
);
select heed.fenced('heed.subject_key', subject => 'subject_id');

-- A key is made and destroyed, never changed: a changed one would orphan what it sealed.
do $$
begin
  execute format('revoke update, delete on heed.subject_key from %I', heed.role('service'));
end
$$;
call heed.grant_to('select, insert', 'heed.subject_key', 'import');
