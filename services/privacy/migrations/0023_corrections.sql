-- breaking: no · reason: people ask that what is held about them be corrected
-- What an open request corrects, sealed under the person's own key: it goes with the person, and at the request's end.
create table request_correction (
  tenant_id uuid not null,
  request_id uuid not null,
  subject_id uuid not null,
  content bytea,
  primary key (tenant_id, request_id)
);
select heed.fenced('request_correction', subject => 'subject_id', personal => array['content']);
