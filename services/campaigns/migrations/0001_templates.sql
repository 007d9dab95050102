-- breaking: no · reason: first version of templates

-- Immutable: what a campaign sent must be seen as it was sent. Another text is another template.
create table template (
  tenant_id uuid not null,
  template_id uuid not null,
  name text not null,
  channel text not null check (channel in ('email')),
  subject text not null,
  text_body text not null,
  html_body text not null,
  sender_name text not null,
  sender_address text not null,
  postal_address text not null,
  -- Fields of the contact that the texts use: what permits are asked for.
  contact_fields text[] not null,
  created_at timestamptz not null,
  primary key (tenant_id, template_id),
  constraint template_name_key unique (tenant_id, name)
);
select heed.walled('template');
do $$
begin
  execute format('revoke update, delete on template from %I', heed.role('service'));
end
$$;
