-- Pauses, resumes or ends a job over rows; waits for the chunk under way. No row: it is in no state that allows it.
-- $3 states before  $4 state after
update jobs set status = $4, version = version + 1, active_at = clock_now(),
  finished_at = case when $4 = 'cancelled' then clock_now() end, cancelled_at = case when $4 = 'cancelled' then clock_now() end
where tenant_id = $1 and id = $2 and status = any ($3::text[]) and work is not null
returning id
