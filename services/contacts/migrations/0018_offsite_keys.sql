-- breaking: no · reason: entries of the suppression list are worth nothing without their keys
-- A copy of the list off site goes with the keys that its entries stand under, wrapped as they lie here: each as it is
-- made, opened or wrapped anew, in the transaction that does so, whoever does it.
create function heed.copy_hash_key() returns trigger
  language plpgsql security definer set search_path = ''
as $$
begin
  insert into heed.offsite_due (log, tenant_id, payload)
  select 'hash-keys', new.tenant_id, pg_catalog.convert_to(pg_catalog.json_build_object(
    'version', new.version, 'wrapped', pg_catalog.encode(new.wrapped, 'hex'), 'keyId', new.kms_key_id,
    'usableFrom', new.usable_from, 'at', new.at)::text, 'UTF8')
  where exists (select 1 from heed.offsite_head where log = 'hash-keys');
  return null;
end
$$;
create trigger hash_key_offsite after insert or update on heed.hash_key
  for each row execute function heed.copy_hash_key();
