-- breaking: no · reason: what Heed itself writes is written in the language of who reads it

-- Of the message, where its text is ours; empty: English.
alter table attempt add column language text not null default '' check (language ~ '^([a-z]{2})?$');
