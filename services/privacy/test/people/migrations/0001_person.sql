-- breaking: no · reason: one table about people, for the specs of privacy
create table person (
  tenant_id uuid not null,
  contact_id uuid not null,
  email text not null,
  primary key (tenant_id, contact_id)
);
select heed.fenced('person', subject => 'contact_id', personal => array['email']);

create table diary (
  tenant_id uuid not null,
  page_id uuid not null,
  contact_id uuid not null,
  body bytea,
  primary key (tenant_id, page_id)
);
select heed.fenced('diary', subject => 'contact_id', personal => array['body']);
