-- breaking: no · reason: what people had corrected is not undone by the next file
-- What the person themselves had corrected, by name: no import changes it again.
alter table contact
  add column corrected text[] not null default '{}'
    check (corrected <@ array['first_name', 'last_name', 'country', 'email', 'phone']);
