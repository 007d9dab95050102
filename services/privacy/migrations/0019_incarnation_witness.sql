-- breaking: no · reason: a database that was put back is known by whoever saw what it was before
-- One row a service: the life that it told us of last.
create table incarnation_witness (
  service text primary key,
  number bigint not null,
  nonce uuid not null,
  witnessed_at timestamptz not null
);
select heed.infrastructure('incarnation_witness');
