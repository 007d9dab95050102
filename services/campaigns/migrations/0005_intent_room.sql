-- breaking: no · reason: room on the page for a whole page of intents to change at once, which touches no index then
-- Handing out changes every row of a page in one statement: at 80 percent four of five had to move to another page.
alter table intent set (fillfactor = 45);
