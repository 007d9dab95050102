-- breaking: no · reason: permits that rest on a contract or a law name no entry of the consent ledger
alter table permit alter column consent_entry_id drop not null;
