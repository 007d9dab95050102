-- breaking: no · reason: what is held about a person can be restricted: kept, and neither changed nor used
-- The request by which a person's rows are restricted (LAW: GDPR Art. 18); NULL where they are not.
alter table heed.subject add column restricted_by uuid;
call heed.grant_to('update (restricted_by)', 'heed.subject', 'eraser');

create function heed.guard_restricted() returns trigger
  language plpgsql
as $$
declare
  request uuid;
begin
  -- The lock that a restriction waits for, and that waits for it. Without a condition on what it reads, which would be
  -- looked at before the wait.
  select s.restricted_by into request from heed.subject s
  where s.tenant_id = old.tenant_id and s.subject_id = (to_jsonb(old) ->> tg_argv[0])::uuid
  for key share;
  if request is not null then
    raise exception 'the person''s data are restricted: they are kept as they are'
      using errcode = 'restrict_violation', constraint = 'subject_restricted';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end
$$;

-- A table whose rows say what somebody claims about a person: nobody but the eraser, who carries out what the person
-- asks for, changes these columns or deletes a row while the person is restricted. Facts about what we did (an attempt
-- that ends) are no such rows, and new rows may come: storing is allowed, and an opt-out is never refused.
create function heed.unchanged_while_restricted(relation regclass, subject text, columns text[]) returns void
  language plpgsql
as $$
declare
  eraser name := heed.role('eraser');
  listed text := (select string_agg(quote_ident(name), ', ' order by n) from unnest(columns) with ordinality c (name, n));
  old_ones text := (select string_agg(format('old.%I', name), ', ' order by n) from unnest(columns) with ordinality c (name, n));
  new_ones text := (select string_agg(format('new.%I', name), ', ' order by n) from unnest(columns) with ordinality c (name, n));
begin
  execute format(
    'create trigger guard_restricted before update of %s on %s for each row '
    'when (current_user <> %L and row(%s) is distinct from row(%s)) execute function heed.guard_restricted(%L)',
    listed, relation, eraser, old_ones, new_ones, subject);
  execute format(
    'create trigger guard_restricted_delete before delete on %s for each row when (current_user <> %L) '
    'execute function heed.guard_restricted(%L)',
    relation, eraser, subject);
end
$$;
