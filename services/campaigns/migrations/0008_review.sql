-- breaking: no · reason: a campaign whose text may mislead is held until another member has approved it

alter table campaign drop constraint campaign_state_check;
alter table campaign add constraint campaign_state_check check (state in
  ('draft', 'in_review', 'planning', 'running', 'paused', 'cancelling', 'failing', 'completed', 'cancelled', 'failed'));
-- Who began it when it was held, and who approved it: members' ids, as in every log of accesses.
alter table campaign add column held_for text check (held_for ~ '^[a-z0-9-]{1,64}$');
alter table campaign add column approved_by text check (approved_by ~ '^[a-z0-9-]{1,64}$');
alter table campaign add constraint campaign_approved_by_another check (approved_by is distinct from held_for or approved_by is null);
