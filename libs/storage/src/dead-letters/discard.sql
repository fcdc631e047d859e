-- Discards a dead letter; it stays listed. No row: it is not open, or does not exist for this tenant and mode.
-- $1 tenant  $2 mode  $3 dead letter  $4 who wanted it  $5 why
update dead_letters set status = 'discarded', closed_at = clock_now(), closed_by = $4, note = $5
where tenant_id = $1 and mode = $2 and id = $3 and status = 'open'
returning id
