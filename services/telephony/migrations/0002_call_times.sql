-- breaking: no · reason: calls are listed by when they were placed
-- BRIN, since rows lie in the order in which they came.
create index call_created_at on call using brin (created_at);
