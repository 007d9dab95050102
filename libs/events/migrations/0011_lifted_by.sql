-- breaking: no · reason: whoever opens a service by hand is named, and the audit log is told
-- An account of a machine, or whatever name the operator goes by.
alter table heed.quarantine_lift
  add column lifted_by text check (lifted_by ~ '^[A-Za-z0-9_][A-Za-z0-9_.:-]{0,62}$');
