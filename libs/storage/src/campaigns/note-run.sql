-- Notes how far a campaign is that repeats and that the caller holds. No row comes back. $3 the last run that was made or left out  $4 the next; null: none
update campaigns set last_run_at = coalesce($3, last_run_at), next_run_at = $4 where tenant_id = $1 and email_id = $2
