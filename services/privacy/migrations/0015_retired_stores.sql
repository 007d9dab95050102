-- breaking: no · reason: a manifest may lose a store that was retired
-- Each store that a service has said it took out, by the leaf with which the log knows of it.
create table retired_store (
  service text not null check (service ~ '^[a-z][a-z0-9-]{0,39}$'),
  store text not null check (store ~ '^[a-z0-9][a-z0-9_.-]{0,99}$'),
  manifest_version text not null,
  leaf bigint not null,
  retired_at timestamptz not null,
  primary key (service, store),
  foreign key (service, manifest_version) references manifest (service, version)
);
select heed.infrastructure('retired_store', 'service');
