-- breaking: no · reason: files that go with every message of a template

-- Of the organisation, like the texts, and as immutable. In a table of its own: whoever lists templates reads no files.
create table template_attachment (
  tenant_id uuid not null,
  template_id uuid not null,
  position smallint not null check (position between 1 and 5),
  name text not null check (char_length(name) between 1 and 100),
  content_type text not null,
  size integer not null check (size between 1 and 2097152),
  content bytea not null check (octet_length(content) = size),
  primary key (tenant_id, template_id, position),
  foreign key (tenant_id, template_id) references template (tenant_id, template_id)
);
-- What people attach is compressed already.
alter table template_attachment alter column content set storage external;
select heed.walled('template_attachment');
do $$
begin
  execute format('revoke update, delete on template_attachment from %I', heed.role('service'));
end
$$;
