-- breaking: no · reason: room on the page for the two answers that each row waits for, so that they touch no index
alter table request_store set (fillfactor = 40);
