-- breaking: no · reason: a no that is said in words, and what may be one

-- What was understood, sealed under the person's key. Where it may be a no and may be none it stands until then: a
-- person decides, and whoever said it is called by nobody meanwhile. What nobody decides is a no.
alter table heard_opt_out add column words bytea;
alter table heard_opt_out add column decide_by timestamptz;
alter table heard_opt_out drop constraint heard_opt_out_says_one;
alter table heard_opt_out add constraint heard_opt_out_says_one check (num_nonnulls(key, sip_status, words) = 1);
alter table heard_opt_out add constraint heard_opt_out_doubts_words check (decide_by is null or words is not null);
create index heard_opt_out_doubt_idx on heard_opt_out (tenant_id, heard_id) where decide_by is not null;
select heed.personal('heard_opt_out', subject => 'contact_id', personal => array['words']);
