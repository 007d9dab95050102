-- breaking: no · reason: who ended a conversation, and opt-outs that a telephone answers with (SIP 607)

alter table call add column ended_by text
  check (ended_by in ('other_side', 'key', 'revocation', 'erasure', 'shutdown', 'time_limit'));

-- A key was pressed, or the telephone answered with a status that says no for good. Exactly one of the two was said.
alter table heard_opt_out alter column key drop not null;
alter table heard_opt_out add column sip_status smallint check (sip_status between 300 and 699);
alter table heard_opt_out add constraint heard_opt_out_says_one check (num_nonnulls(key, sip_status) = 1);
