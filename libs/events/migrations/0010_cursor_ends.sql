-- breaking: no · reason: a group that is there for a resync alone begins anew in the next one
-- Its cursors of an earlier resync stand where their topic may have nothing left.
call heed.grant_to('delete', 'heed.inbox_cursor', 'service');
