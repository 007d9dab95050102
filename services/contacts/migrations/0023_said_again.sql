-- breaking: no · reason: a no that is said again is younger than the yes that answered it

-- The other way in which an entry changes: said again it is as young as it was said last, and never older. Who was erased
-- and objected is so for ever. It runs as the owner, who may touch the list, and only in the tenant of the transaction. What
-- somebody else holds they say at the same time: nobody waits for it.
create function heed.renew_suppression(hashes bytea[], said_reason text, said_channel text, said_purpose text,
  said_sender text, said_at timestamptz) returns setof public.suppression
  language sql security definer set search_path = ''
  begin atomic
    with known as (
      select s.endpoint_hash from public.suppression s
      where s.tenant_id = nullif(current_setting('heed.tenant', true), '')::uuid and s.endpoint_hash = any (hashes)
        and s.reason = said_reason and s.reason <> 'erased' and s.channel = said_channel and s.purpose = said_purpose
        and s.sender = said_sender and s.at < said_at
      order by s.endpoint_hash for no key update skip locked
    )
    update public.suppression s set at = said_at from known k
    where s.tenant_id = nullif(current_setting('heed.tenant', true), '')::uuid and s.endpoint_hash = k.endpoint_hash
      and s.reason = said_reason and s.channel = said_channel and s.purpose = said_purpose and s.sender = said_sender
    returning s.*;
  end;
call heed.grant_to('execute', 'function heed.renew_suppression(bytea[], text, text, text, text, timestamptz)', 'service', 'eraser');
