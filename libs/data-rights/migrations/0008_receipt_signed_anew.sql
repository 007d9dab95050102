-- breaking: no · reason: receipts that a stolen key has signed are signed anew
call heed.grant_to('update (key_id, signature)', 'heed.receipt', 'service');
