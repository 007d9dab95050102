-- breaking: no · reason: domains that a tenant sends from, and the keys that sign for them

create table sender_domain (
  tenant_id uuid not null,
  sender_domain_id uuid not null,
  domain text not null check (domain ~ '^[a-z0-9.-]{3,253}$'),
  state text not null check (state in ('pending', 'verified', 'failing')),
  -- What each look at DNS found; empty before the first.
  spf text not null default '' check (spf ~ '^[a-z_]{0,40}$'),
  dkim text not null default '' check (dkim ~ '^[a-z_]{0,40}$'),
  dmarc text not null default '' check (dmarc ~ '^[a-z_]{0,40}$'),
  created_at timestamptz not null,
  checked_at timestamptz,
  -- When it was verified first.
  verified_at timestamptz,
  next_check_at timestamptz not null,
  primary key (tenant_id, sender_domain_id),
  constraint sender_domain_name_key unique (tenant_id, domain),
  constraint sender_domain_verified check (state = 'pending' or verified_at is not null)
);
select heed.walled('sender_domain');
create index sender_domain_due on sender_domain (tenant_id, next_check_at);

create table dkim_key (
  tenant_id uuid not null,
  dkim_key_id uuid not null,
  sender_domain_id uuid not null,
  algorithm text not null check (algorithm in ('rsa-sha256', 'ed25519-sha256')),
  selector text not null check (selector ~ '^[a-z0-9-]{1,63}$'),
  -- As it stands in the record's p=.
  public_key text not null,
  -- Under the master key. Gone when a newer one has taken its place.
  private_key bytea,
  master_key_id text not null,
  -- Whether the record stood in DNS when it was last looked for: only then does the key sign.
  is_published boolean not null default false,
  created_at timestamptz not null,
  retired_at timestamptz,
  primary key (tenant_id, dkim_key_id),
  constraint dkim_key_selector_key unique (tenant_id, sender_domain_id, selector),
  constraint dkim_key_domain foreign key (tenant_id, sender_domain_id)
    references sender_domain (tenant_id, sender_domain_id) on delete cascade,
  constraint dkim_key_retired_holds_nothing check ((private_key is null) = (retired_at is not null))
);
select heed.walled('dkim_key');
