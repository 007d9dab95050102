-- breaking: no · reason: keys can be put under another master key
-- The key stays what it is, and so does all that it sealed; only what it is wrapped in changes.
do $$
begin
  execute format('grant update (wrapped, kms_key_id) on heed.subject_key to %I', heed.role('service'));
end
$$;
