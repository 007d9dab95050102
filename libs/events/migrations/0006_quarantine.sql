-- breaking: no · reason: a service must know that its database has gone back, and stay silent until it has caught up
-- The life that this database is in: a number that rises and a nonce that nobody can guess, committed at each start and
-- every hour, and witnessed elsewhere. Who comes up with a pair that the witness has left behind has been restored.
create table heed.incarnation (
  name text primary key check (name = 'this'),
  number bigint not null,
  nonce uuid not null,
  -- Of the number before: what the witness must know us by.
  previous uuid,
  committed_at timestamptz not null,
  -- No new pair is made before this one is witnessed: whoever went back cannot count past the witness unseen.
  witnessed_at timestamptz,
  -- The first life after a resync, until it is witnessed: it follows whatever was witnessed before.
  resynced boolean not null default false
);

-- While there is a row the service answers health and nothing else (libs/service). Written by a restore, or by the
-- service itself when it finds out; taken away when `heed resync` has brought it to the ends of what it must know.
create table heed.quarantine (
  name text primary key check (name = 'this'),
  reason text not null check (reason ~ '^[A-Z][A-Z0-9_]{0,63}$'),
  since timestamptz not null,
  -- When the backup was taken, where that is known.
  restored_to timestamptz,
  resync_asked_at timestamptz
);

-- How far resync is; what is finished is not begun again.
create table heed.resync_step (
  step text primary key,
  ordinal integer not null,
  done bigint not null default 0,
  total bigint,
  began_at timestamptz not null,
  finished_at timestamptz
);

-- Up to where a topic had been carried out once, whatever this database says. A consumer that acts does nothing about
-- what lies below: it was asked for in a life that is over.
create table heed.replay_end (
  consumer text not null,
  topic text not null,
  partition integer not null,
  position text not null,
  at timestamptz not null,
  primary key (consumer, topic, partition)
);

call heed.grant_to('select, insert, update, delete',
  'heed.incarnation, heed.quarantine, heed.resync_step, heed.replay_end', 'service');
call heed.grant_to('select', 'heed.replay_end', 'eraser', 'relay');
call heed.grant_to('select', 'heed.incarnation, heed.quarantine, heed.resync_step, heed.replay_end', 'probe');
