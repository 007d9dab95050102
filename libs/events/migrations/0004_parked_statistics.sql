-- breaking: no · reason: statistics kept what a parked event held
-- A payload is as it was in its topic. Ours hold ids only (I3); one that a stranger has written may hold anything, and a
-- histogram would keep it when the event has long been released.
select heed.forget_statistics('heed.parked', array['payload', 'headers', 'key']);
select heed.forget_statistics('heed.parked_key', array['key']);
