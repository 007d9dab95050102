-- breaking: no · reason: more than one key verifies access tokens while one follows another

-- A key is served (JWKS) until the last token that it signed has died. Written before it signs.
create table token_key (
  key_id text primary key check (key_id ~ '^[0-9a-f]{16}$'),
  public_key bytea not null check (length(public_key) = 32),
  first_used_at timestamptz not null,
  served_until timestamptz not null
);
call heed.grant_to('select, insert, update', 'token_key', 'service');
call heed.grant_to('select', 'token_key', 'probe');
