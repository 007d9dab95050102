-- breaking: yes · reason: what stores have answered so far lies in another form, which older versions cannot read
-- A row for each step of an order in place of one for each store: some sixty rows an erasure were most of what an
-- erasure cost. Batches that are being carried out go on where they stood.
create table heed.order_answers (
  tenant_id uuid not null,
  order_id uuid not null,
  -- In the order in which they come: what is answered by the rows, and by what lies outside the database.
  step text not null check (step in ('rows', 'slow')),
  -- JSON: an array of answers, as they will stand in the statement. Codes, counts, times and digests.
  answers bytea not null,
  primary key (tenant_id, order_id, step),
  foreign key (tenant_id, order_id) references heed.order_taken (tenant_id, order_id)
);
select heed.walled('heed.order_answers');

-- Stores of both steps under the first: whoever reads takes the first answer of a store.
insert into heed.order_answers (tenant_id, order_id, step, answers)
select tenant_id, order_id, 'rows', convert_to(jsonb_agg(jsonb_build_object(
    'store', store, 'outcome', outcome, 'count', count, 'detail', detail,
    'until', coalesce(to_char(until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), ''),
    'digest', coalesce(encode(digest, 'hex'), '')))::text, 'UTF8')
from heed.order_answer group by tenant_id, order_id;

drop table heed.order_answer;
