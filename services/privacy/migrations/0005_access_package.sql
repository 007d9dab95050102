-- breaking: no · reason: what is handed to somebody who asked for access
-- Everything about a person in one place: sealed under their key, behind the fence, for days.
create table package_part (
  tenant_id uuid not null,
  request_id uuid not null,
  file_no integer not null,
  chunk_no integer not null,
  subject_id uuid not null,
  name text not null,
  chunk bytea,
  expires_at timestamptz not null,
  primary key (tenant_id, request_id, file_no, chunk_no)
);
select heed.fenced('package_part', subject => 'subject_id', personal => array['name', 'chunk']);
