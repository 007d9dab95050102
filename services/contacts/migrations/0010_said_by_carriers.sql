-- breaking: no · reason: opt-outs that a telephone answers a call with
alter table consent_entry drop constraint consent_entry_source_check;
alter table consent_entry add constraint consent_entry_source_check check (source in ('import', 'one_click', 'page',
  'agent', 'api', 'request', 'reply', 'mailto', 'complaint', 'key', 'carrier'));
