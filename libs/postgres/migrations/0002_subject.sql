-- breaking: no · reason: the table that the fence refers to
-- One row per person (or aggregate whose events are numbered). Rows about a person refer to (tenant, subject, true);
-- lowering `live` is what raises the fence: PostgreSQL refuses it while one live row refers to it, waits for inserts
-- in flight, and refuses every later insert. A row outlives its person as a tombstone: ids and a number, no more.
create table heed.subject (
  tenant_id uuid not null,
  subject_id uuid not null,
  live boolean not null default true,
  kind text not null default 'contact' check (kind ~ '^[a-z][a-z_]{0,39}$'),
  sequence bigint not null default 0,
  constraint subject_pkey primary key (tenant_id, subject_id),
  constraint subject_live_key unique (tenant_id, subject_id, live)
)
-- Room on the page for the next version: a raised sequence is then a heap-only update, no index is touched.
with (fillfactor = 80);

alter table heed.subject enable row level security;
alter table heed.subject force row level security;
create policy tenant_wall on heed.subject
  using (tenant_id = nullif(current_setting('heed.tenant', true), '')::uuid)
  with check (tenant_id = nullif(current_setting('heed.tenant', true), '')::uuid);

-- The service may make a subject known, number its events and lock it; `live` is out of its reach by column grants.
call heed.grant_to('select, insert (tenant_id, subject_id, kind), update (sequence)', 'heed.subject', 'service', 'import');
call heed.grant_to(
  'select, insert (tenant_id, subject_id, live, kind), update (live, sequence)', 'heed.subject', 'eraser');
call heed.grant_to('select', 'heed.subject', 'probe');

-- Grants can be widened by mistake; this holds for every role, the owner included.
create function heed.guard_subject() returns trigger
  language plpgsql
as $$
begin
  if tg_op in ('DELETE', 'TRUNCATE') then
    raise exception 'a subject is never deleted: its tombstone is the fence'
      using errcode = 'restrict_violation', constraint = 'subject_stays';
  end if;
  if new.live and not old.live then
    raise exception 'a subject that was erased stays erased'
      using errcode = 'restrict_violation', constraint = 'subject_live_never_rises';
  end if;
  if (new.tenant_id, new.subject_id) is distinct from (old.tenant_id, old.subject_id) then
    raise exception 'a subject keeps its id'
      using errcode = 'restrict_violation', constraint = 'subject_keeps_its_id';
  end if;
  if new.sequence < old.sequence then
    raise exception 'the sequence of a subject never falls'
      using errcode = 'restrict_violation', constraint = 'subject_sequence_never_falls';
  end if;
  return new;
end
$$;

-- The condition keeps the trigger out of the hot path: raising a sequence does not call the function.
create trigger guard_update before update on heed.subject
  for each row
  when (old.live is distinct from new.live or new.sequence < old.sequence
    or old.tenant_id is distinct from new.tenant_id or old.subject_id is distinct from new.subject_id)
  execute function heed.guard_subject();
create trigger guard_delete before delete on heed.subject for each row execute function heed.guard_subject();
create trigger guard_truncate before truncate on heed.subject
  for each statement execute function heed.guard_subject();

-- The next number of a subject's ordered events. The row stays locked until the transaction ends, so that numbers are
-- given in the order of the commits. A dead subject still counts: an opt-out of someone erased is announced too.
create function heed.next_sequence(tenant uuid, subject uuid) returns bigint
  language plpgsql
as $$
declare
  given bigint;
begin
  update heed.subject s set sequence = s.sequence + 1
  where s.tenant_id = next_sequence.tenant and s.subject_id = next_sequence.subject
  returning s.sequence into given;
  if given is null then
    raise exception 'no sequence for a subject that is not known here' using errcode = 'HD001';
  end if;
  return given;
end
$$;

-- Numbers for many events at once, one per element and in their order; a subject may occur more than once.
-- Rows are locked in order of id first: two batches that share subjects wait for each other and never deadlock.
create function heed.next_sequences(tenant uuid, subjects uuid[]) returns table (ordinal bigint, sequence bigint)
  language plpgsql
  rows 500
as $$
begin
  perform 1 from heed.subject s
  where s.tenant_id = next_sequences.tenant and s.subject_id = any (subjects)
  order by s.subject_id
  for no key update;

  return query
    with asked as (
      select a.id, a.ord, row_number() over (partition by a.id order by a.ord) as nth
      from unnest(subjects) with ordinality a (id, ord)
    ), raised as (
      update heed.subject s set sequence = s.sequence + t.times
      from (select id, max(nth) as times from asked group by id) t
      where s.tenant_id = next_sequences.tenant and s.subject_id = t.id
      returning s.subject_id, s.sequence - t.times as base
    )
    select a.ord, r.base + a.nth from asked a join raised r on r.subject_id = a.id order by a.ord;

  if (select count(distinct id) from unnest(subjects) id) <> (
    select count(*) from heed.subject s
    where s.tenant_id = next_sequences.tenant and s.subject_id = any (subjects)
  ) then
    raise exception 'no sequence for a subject that is not known here' using errcode = 'HD001';
  end if;
end
$$;

call heed.grant_to('execute', 'function heed.next_sequence(uuid, uuid), heed.next_sequences(uuid, uuid[])',
  'service', 'import', 'eraser');
