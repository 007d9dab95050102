-- breaking: yes · reason: an older version would grow a log of which its witnesses know that it was put back

-- A log that was put back begins anew under another name, so that nobody is shown two trees under one. Leaves of all
-- origins stand in one table and are numbered through it; to others an origin's leaves count from its first one.
create table log_origin (
  number integer primary key check (number > 0),
  name text not null unique,
  first_leaf bigint not null check (first_leaf >= 0),
  begun_at timestamptz not null,
  -- A checkpoint that this log's key has signed and that the log does not contain. Nothing is appended any more.
  forked_note text,
  forked_at timestamptz,
  check ((forked_note is null) = (forked_at is null))
);
insert into log_origin
select 1, split_part(note, e'\n', 1), 0, at from log_checkpoint order by at limit 1;

alter table log_checkpoint add column origin integer not null default 1 references log_origin (number),
  drop constraint log_checkpoint_pkey, add primary key (origin, size);
alter table log_checkpoint alter column origin drop default;

alter table log_signer add column origin integer not null default 1 references log_origin (number),
  drop constraint log_signer_follows_key, add unique nulls not distinct (origin, follows);
alter table log_signer alter column origin drop default;

-- A key that was revoked verifies what stands before that leaf, and nothing behind it.
alter table log_key add column origin integer not null default 1 references log_origin (number),
  add column revoked_index bigint references log_leaf (index),
  drop constraint log_key_pkey, add primary key (origin, key_id);
alter table log_key alter column origin drop default;
create index log_key_service on log_key (origin, service);

-- Leaves of an earlier origin that stand in a later one again, for requests that were open in between.
create table log_again (
  origin integer not null references log_origin (number),
  leaf bigint not null references log_leaf (index),
  again bigint not null unique references log_leaf (index),
  primary key (origin, leaf)
);

-- What each service has countersigned last (C2SP tlog-cosignature).
create table log_cosignature (
  origin integer not null references log_origin (number),
  service text not null,
  size bigint not null,
  vkey text not null,
  line text not null,
  at timestamptz not null,
  primary key (origin, service),
  foreign key (origin, size) references log_checkpoint (origin, size)
);

call heed.grant_to('select, insert', 'log_origin, log_again, log_cosignature', 'service');
call heed.grant_to('update (forked_note, forked_at)', 'log_origin', 'service');
call heed.grant_to('update (revoked_index)', 'log_key', 'service');
call heed.grant_to('update (size, vkey, line, at)', 'log_cosignature', 'service');
call heed.grant_to('select', 'log_origin, log_again, log_cosignature', 'probe');
