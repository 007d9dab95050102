-- breaking: no · reason: how far a tenant's audit chain was on record in the log, and when
-- The statement names the tenant, the number of entries and the hash of the last one; the log holds a salted commitment
-- to it, which names nobody. `leaf` is null until it is there.
create table audit_anchor (
  tenant_id uuid not null,
  seq bigint not null check (seq > 0),
  statement bytea not null,
  salt bytea not null check (octet_length(salt) = 32),
  leaf bigint check (leaf >= 0),
  primary key (tenant_id, seq)
);
select heed.walled('audit_anchor');

do $$
begin
  execute format('revoke delete on audit_anchor from %I', heed.role('service'));
end
$$;
