-- breaking: no · reason: templates of single messages, with values that each message brings along
alter table template add column kind text not null default 'marketing' check (kind in ('marketing', 'transactional'));
-- Each: name, kind and longest length, with a space between.
alter table template add column variables text[] not null default '{}';
alter table template add constraint template_variables_of_single_messages
  check (kind = 'transactional' or variables = '{}');
