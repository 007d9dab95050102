-- breaking: no · reason: addresses without forms are gone through in order, and each batch sorted all that were left

create index endpoint_formed_in_order on endpoint (tenant_id, formed, endpoint_id);
drop index endpoint_formed;
