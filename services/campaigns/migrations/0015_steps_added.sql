-- breaking: no · reason: steps are added to a campaign and removed from it until they reach somebody

-- What was changed of a step stays on record when the step is gone.
alter table step_edit drop constraint step_edit_step_fkey;
alter table step_edit add constraint step_edit_campaign_fkey
  foreign key (tenant_id, campaign_id) references campaign (tenant_id, campaign_id);
