-- breaking: no · reason: a request that is refused or cancelled stops nobody any more
create index stopped_request on stopped (tenant_id, request_id);
