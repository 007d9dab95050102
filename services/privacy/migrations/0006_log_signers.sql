-- breaking: yes · reason: an older version would sign with a key that another has followed

-- Keys that sign the log's checkpoints, each by the leaf with which it entered. It signs the sizes beyond that leaf's;
-- the checkpoint over the leaf itself is the last word of the key before, which so names its successor.
create table log_signer (
  vkey text primary key,
  added_index bigint not null unique references log_leaf (index),
  follows text unique nulls not distinct references log_signer (vkey)
);
call heed.grant_to('select, insert', 'log_signer', 'service');
call heed.grant_to('select', 'log_signer', 'probe');
