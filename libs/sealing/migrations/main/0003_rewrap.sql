-- breaking: no · reason: keys can be put under another master key
do $$
begin
  execute format('grant update (wrapped, kms_key_id) on heed.hash_key to %I', heed.role('service'));
end
$$;
