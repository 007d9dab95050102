-- breaking: no · reason: a table for the specs of libs/service
create table note (
  tenant_id uuid not null,
  note_id uuid not null,
  contact_id uuid,
  text text,
  primary key (tenant_id, note_id)
);
select heed.fenced('note', subject => 'contact_id', personal => array['text']);
