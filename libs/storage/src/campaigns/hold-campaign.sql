-- Keeps others from changing a campaign until the transaction ends, and waits for the chunk of copies under way. No row: there is none.
select email_id from campaigns where tenant_id = $1 and email_id = $2 for no key update
