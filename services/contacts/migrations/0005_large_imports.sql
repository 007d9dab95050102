-- breaking: no · reason: the cost of a batch must not grow with the file
-- People whom an import makes are made with the numbers of their first consents: one insert instead of an insert and an
-- update of the same row. A number that was given can still not be taken back.
call heed.grant_to('insert (sequence)', 'heed.subject', 'import');

-- Whether an earlier row of the file has the same address. By the hash alone, which is keyed by tenant: beside an index
-- that began with tenant and import the planner, which knows nothing of a file that came a moment ago, took the primary
-- key and read all earlier rows for each batch. Shorter, too.
drop index import_row_email;
drop index import_row_phone;
create index import_row_email on import_row (email_hash) where email_hash is not null;
create index import_row_phone on import_row (phone_hash) where phone_hash is not null;
select heed.forget_statistics('import_row', array['email', 'email_hash', 'phone', 'phone_hash', 'first_name', 'last_name',
  'country', 'consents', 'hashes', 'cells']);
