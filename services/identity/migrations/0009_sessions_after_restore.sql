-- breaking: no · reason: sessions of a database that was put back are ended, and say so
alter table session drop constraint session_ended_by_check;
alter table session add constraint session_ended_by_check
  check (ended_by in ('sign_out', 'reuse', 'password', 'restored'));
