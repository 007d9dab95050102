-- breaking: no · reason: which life a database has lost is known for good, however its quarantine ended
-- By the service too, when it has caught up: what was written between `restored_to` and `since` is not in this database,
-- and others may hold what came of it.
call heed.grant_to('insert', 'heed.quarantine_lift', 'service');
