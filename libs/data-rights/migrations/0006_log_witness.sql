-- breaking: no · reason: each service remembers what the transparency log has promised
create table heed.log_witness (
  -- Name of the log. A new one begins after a restore; what is remembered of the old one stays.
  origin text primary key,
  vkey text not null,
  size bigint not null check (size >= 0),
  root bytea not null check (octet_length(root) = 32),
  -- The checkpoint as the log signed it.
  note text not null,
  at timestamptz not null,
  -- The origin that goes on after this one: of this one nothing is taken any more.
  succeeded_by text unique,
  -- What was refused last, and why; none once the log has shown that it contains what is remembered.
  refusal text check (refusal in ('SMALLER', 'INCONSISTENT', 'FORKED', 'ORIGIN_UNKNOWN')),
  refused_note text,
  refused_at timestamptz,
  check ((refusal is null) = (refused_note is null) and (refusal is null) = (refused_at is null))
);
select heed.infrastructure('heed.log_witness', 'service');
