-- breaking: yes · reason: an older version would go on taking calls made with a key that was revoked

-- Stolen or lost: from then on nothing that it signs is taken. An operator names its successor, which it cannot endorse.
alter table service_key add column revoked_at timestamptz;
call heed.grant_to('update (revoked_at)', 'service_key', 'service');
