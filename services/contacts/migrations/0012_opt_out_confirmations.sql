-- breaking: no · reason: one message may confirm an opt-out, within the minutes of the tenant's rule

-- How opt-outs were heard that are confirmed. None, until the tenant says otherwise.
alter table contact_rules add column confirm_sources text[] not null default '{}';
alter table contact_rules add column confirm_within_minutes smallint not null default 5
  check (confirm_within_minutes between 1 and 10);

-- An opt-out that may be confirmed: by this attempt and no other, until then. Written with the opt-out.
create table opt_out_confirmation (
  tenant_id uuid not null,
  entry_id uuid not null,
  contact_id uuid not null,
  attempt_id uuid not null,
  due_at timestamptz not null,
  confirm_by timestamptz not null,
  primary key (tenant_id, entry_id),
  constraint opt_out_confirmation_attempt unique (tenant_id, attempt_id),
  constraint opt_out_confirmation_minutes check (confirm_by > due_at and confirm_by <= due_at + interval '10 minutes')
);
select heed.fenced('opt_out_confirmation', subject => 'contact_id');

do $$
begin
  execute format('revoke update, delete on opt_out_confirmation from %I', heed.role('service'));
end
$$;
