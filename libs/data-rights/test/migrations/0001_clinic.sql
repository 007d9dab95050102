-- breaking: no · reason: one table of each kind that the executor meets, for the specs of this lib
-- Deleted; the parent of what follows, so the order of deletion matters.
create table patient (
  tenant_id uuid not null,
  contact_id uuid not null,
  name text not null,
  primary key (tenant_id, contact_id)
);
select heed.fenced('patient', subject => 'contact_id', personal => array['name']);
select heed.unchanged_while_restricted('patient', 'contact_id', array['name']);

create table letter (
  tenant_id uuid not null,
  letter_id uuid not null,
  contact_id uuid not null,
  body bytea,
  written_at timestamptz not null,
  primary key (tenant_id, letter_id),
  foreign key (tenant_id, contact_id) references patient (tenant_id, contact_id)
);
select heed.fenced('letter', subject => 'contact_id', personal => array['body']);

-- Anonymised, with a second person.
create table visit (
  tenant_id uuid not null,
  visit_id uuid not null,
  contact_id uuid,
  member_id uuid,
  appointment_id uuid,
  complaint text,
  minutes integer not null,
  primary key (tenant_id, visit_id)
);
select heed.fenced('visit', subject => 'contact_id', personal => array['complaint'], also => 'member_id');

-- Retained.
create table invoice (
  tenant_id uuid not null,
  invoice_id uuid not null,
  contact_id uuid not null,
  addressee text,
  primary key (tenant_id, invoice_id)
);
select heed.fenced('invoice', subject => 'contact_id', personal => array['addressee'], retainable => true);
