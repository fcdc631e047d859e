-- Uses a ticket up. No row: unknown, used before, too old, or of a key that is no longer good; nobody is told which.
select tenant_id, mode, key_id, scopes, topics from redeem_ticket($1::bytea)
