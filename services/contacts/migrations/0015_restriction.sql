-- breaking: no · reason: what is held about a person can be restricted
-- Denials say which it is: a request that is being worked, or a restriction, which ends when it is lifted.
alter table stopped add column restricts boolean not null default false;

-- Endpoints are out of the service's reach as they are: no role but the eraser may change or delete one.
select heed.unchanged_while_restricted('contact', 'contact_id', array['first_name', 'last_name', 'country']);
