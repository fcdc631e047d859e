-- Moves the next run of a campaign that repeats and that the caller holds. No row comes back.
update campaigns set next_run_at = $3 where tenant_id = $1 and email_id = $2 and next_run_at is not null
