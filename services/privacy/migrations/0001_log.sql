-- breaking: no · reason: the transparency log
-- Append-only. Leaves are canonical JSON without an id in clear; no tenant is in them.
create table log_leaf (
  index bigint primary key check (index >= 0),
  data bytea not null,
  -- RFC 6962: SHA-256 over a zero byte and the data. Kept, so that the tree is built without reading the data.
  leaf_hash bytea not null check (octet_length(leaf_hash) = 32),
  at timestamptz not null
);

-- Where a service's key entered: each once, whoever sees it first.
create table log_key (
  key_id text primary key check (key_id ~ '^[0-9a-f]{16}$'),
  service text not null,
  leaf_index bigint not null references log_leaf (index)
);

-- Every checkpoint that was ever signed. What is once here has been promised: a tree that does not contain it is a fork.
create table log_checkpoint (
  size bigint primary key check (size >= 0),
  root bytea not null check (octet_length(root) = 32),
  note text not null,
  at timestamptz not null
);

call heed.grant_to('select, insert', 'log_leaf, log_key, log_checkpoint', 'service');
call heed.grant_to('select', 'log_leaf, log_key, log_checkpoint', 'probe');
