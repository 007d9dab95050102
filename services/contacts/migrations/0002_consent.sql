-- breaking: no · reason: the consent ledger
-- Append-only. Each entry takes the next number of its person (heed.subject.sequence) under that row's lock: the epoch.
create table consent_entry (
  tenant_id uuid not null,
  entry_id uuid not null,
  contact_id uuid not null,
  -- Empty: all.
  channel text not null check (channel in ('', 'email', 'voice')),
  purpose text not null check (purpose ~ '^([a-z][a-z0-9_-]{0,62})?$'),
  state text not null check (state in ('granted', 'opted_out')),
  basis text check (basis in ('consent', 'contract', 'legitimate_interest')),
  source text not null check (source in ('import', 'one_click', 'page', 'agent', 'api', 'request')),
  epoch bigint not null check (epoch > 0),
  said_at timestamptz not null,
  recorded_at timestamptz not null,
  -- The member who heard it; empty for the person's own act, and once the member is erased.
  recorded_by uuid,
  -- Where an imported consent came from, in the file's words.
  origin text,
  primary key (tenant_id, entry_id),
  constraint consent_entry_state check (state = 'opted_out' or (channel <> '' and purpose <> '' and basis is not null))
);
create index consent_entry_by_contact on consent_entry (tenant_id, contact_id, epoch desc);
select heed.fenced('consent_entry', subject => 'contact_id', personal => array['origin'],
  also => 'recorded_by');

-- What was shown or said, sealed under the person's key. Beside the entry, because an opt-out is committed first: it
-- waits for no key.
create table consent_evidence (
  tenant_id uuid not null,
  entry_id uuid not null,
  contact_id uuid not null,
  sealed bytea not null,
  at timestamptz not null,
  primary key (tenant_id, entry_id),
  constraint consent_evidence_entry foreign key (tenant_id, entry_id) references consent_entry (tenant_id, entry_id)
);
select heed.fenced('consent_evidence', subject => 'contact_id', personal => array['sealed']);

-- What the ledger says now. Of the rows that cover a channel and purpose the one with the highest epoch decides, so a
-- general opt-out binds at once and a later, particular consent is heard.
create table consent_state (
  tenant_id uuid not null,
  contact_id uuid not null,
  channel text not null check (channel in ('', 'email', 'voice')),
  purpose text not null check (purpose ~ '^([a-z][a-z0-9_-]{0,62})?$'),
  state text not null check (state in ('granted', 'opted_out')),
  entry_id uuid not null,
  epoch bigint not null,
  said_at timestamptz not null,
  since timestamptz not null,
  primary key (tenant_id, contact_id, channel, purpose),
  constraint consent_state_scope check (state = 'opted_out' or (channel <> '' and purpose <> ''))
)
-- Room on the page for the next version.
with (fillfactor = 80);
select heed.fenced('consent_state', subject => 'contact_id');

do $$
begin
  execute format('revoke update, delete on consent_entry, consent_evidence from %I', heed.role('service'));
  execute format('revoke delete on consent_state from %I', heed.role('service'));
end
$$;
