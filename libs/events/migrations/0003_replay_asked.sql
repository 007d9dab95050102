-- breaking: no · reason: an operator asks for a parked key to be tried again
-- Written by whoever owns the database (heed events replay); read, and taken back, by the consumer itself, since the
-- handler is the service's alone. A mark outlives the service that is down: it is tried again when it is back.
alter table heed.parked_key add column replay_asked_at timestamptz;
