-- breaking: no · reason: a version of a hash key is written only once everything that is compared with it knows it
-- Nothing else of a key changes, ever.
do $$
begin
  execute format('grant update (usable_from) on heed.hash_key to %I', heed.role('service'));
end
$$;
