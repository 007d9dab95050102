-- breaking: no · reason: the keys of keyed hashes
-- In the main database on purpose: a suppression entry is worth nothing without its key, so the two must be in the same
-- backups and come back together. Keys are added and never removed: an erased address cannot be hashed anew, so a new
-- key is laid over the old one (new = HMAC(k2, HMAC(k1, value))) and all of them go on being needed.
create table heed.hash_key (
  tenant_id uuid not null,
  version smallint not null check (version between 1 and 255),
  wrapped bytea not null,
  kms_key_id text not null,
  -- Look-ups know the version at once; hashes of it are written from this moment on, when every process has heard of it.
  usable_from timestamptz not null,
  at timestamptz not null,
  constraint hash_key_pkey primary key (tenant_id, version)
);
select heed.walled('heed.hash_key');
do $$
begin
  execute format('revoke update, delete on heed.hash_key from %I, %I', heed.role('service'), heed.role('eraser'));
end
$$;
call heed.grant_to('select, insert', 'heed.hash_key', 'import');
