-- Takes a campaign that repeats for its due run. No row: another process has it, or no run is due.
select last_run_at from campaigns where tenant_id = $1 and email_id = $2 and next_run_at <= clock_now() for no key update skip locked
