-- breaking: no · reason: what is collected for an access request, until privacy has fetched it
-- A copy of everything about a person: sealed under their key, behind the fence, for days at most.
create table heed.export_part (
  tenant_id uuid not null,
  order_id uuid not null,
  part_no integer not null,
  subject_id uuid not null,
  store text not null,
  media_type text not null,
  -- Of an object; empty for rows.
  name text not null,
  -- The part's bytes in order, each chunk sealed by itself.
  chunk_no integer not null,
  chunk bytea,
  expires_at timestamptz not null,
  primary key (tenant_id, order_id, part_no, chunk_no)
);
select heed.fenced('heed.export_part', subject => 'subject_id', personal => array['name', 'chunk']);
