-- breaking: no · reason: members and requesters are written to under permits of their own issuers
-- Who is asked for leave, and whose key signs the proof: contacts for contacts, identity for members, privacy for
-- requesters. `contact_id` names whoever is written to; all of them are subjects behind the same fence.
alter table attempt add column issuer text not null default 'contacts'
  check (issuer in ('contacts', 'identity', 'privacy'));
