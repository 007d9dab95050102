-- breaking: no · reason: a script is said by a voice of its language

-- Of a script; an older version writes none, and is heard in English.
alter table template add column language text not null default '' check (language in ('', 'en', 'de', 'es', 'fr', 'hi'));
