-- Copies of a cancelled email that came back from a server after its walk: to wait in its line, or on hold. No row: none. $3 at most
(select due.id from due where due.line = $2::uuid::text and due.tenant_id = $1 limit $3)
union all
(select claimed.id from claimed_of($1, $2) claimed limit $3)
