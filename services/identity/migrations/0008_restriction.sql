-- breaking: no · reason: what is held about a member can be restricted
-- What is claimed about them; signing in goes on, since that is their own doing.
select heed.unchanged_while_restricted('member', 'member_id', array['email', 'name']);
