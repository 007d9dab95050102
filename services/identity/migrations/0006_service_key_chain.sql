-- breaking: yes · reason: a service has more than one key; older versions read the first as the only one

-- Keys of a service follow each other, each endorsed by the one before: one first, and one successor each.
alter table service_key drop constraint service_key_pkey;
alter table service_key
  add column follows text,
  add constraint service_key_pkey primary key (service, key_id),
  add constraint service_key_chain unique nulls not distinct (service, follows),
  add constraint service_key_follows foreign key (service, follows) references service_key (service, key_id);
