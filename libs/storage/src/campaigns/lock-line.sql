-- Keeps the line of a campaign from being claimed until the transaction ends, and waits for the claim under way. No row: it has no line yet.
select line from lines where line = $2::uuid::text and tenant_id = $1 for no key update
