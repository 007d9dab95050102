-- breaking: no · reason: a campaign whose text lacks a label of advertising that people of its list are owed is held

-- Where people of the list live whom a law owes a label, when it was last looked; ISO 3166.
alter table campaign add column labels_due text[] not null default '{}'
  check (array_to_string(labels_due, ' ', '?') ~ '^([A-Z]{2}( [A-Z]{2}){0,9})?$');
-- Why it was approved without one.
alter table campaign add column label_waiver text
  check (label_waiver is null or (label_waiver in ('not_advertising', 'nobody_there') and approved_by is not null));
