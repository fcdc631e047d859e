-- Notes how far a walk that the caller holds is. No row comes back. $1 tenant  $2 scope  $3 line  $4, $5 the last copy; null: none yet
update limit_walks set line = $3, due_at = $4::timestamptz, delivery_id = $5::uuid where tenant_id = $1 and scope = $2
