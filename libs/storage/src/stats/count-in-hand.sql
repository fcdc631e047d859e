-- What of a tenant is claimed, and what is at a server. Always one row. $1 tenant  $2 mode
select queued, sending from in_hand_of($1::uuid, $2::text)
