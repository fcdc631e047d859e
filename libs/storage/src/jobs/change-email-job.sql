-- Notes what somebody wanted of a job of emails. Always one row. $3 it was cancelled
update jobs set version = version + 1, active_at = clock_now(),
  cancelled_at = case when $3::boolean then clock_now() else cancelled_at end
where tenant_id = $1 and id = $2
returning id
