-- breaking: no · reason: confirmations of opt-outs speak the language of who reads them

-- Of who never signed up by a form, which says theirs; empty: English.
alter table contact_rules add column confirm_language text not null default '' check (confirm_language ~ '^([a-z]{2})?$');
