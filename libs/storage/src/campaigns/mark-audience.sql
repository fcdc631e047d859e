-- Notes a new state on an email that the caller holds locked, and on its job: from now on the gate knows. Always one row. $3 state
with marked as (
  update emails set status = $3, version = version + 1, updated_at = clock_now(),
    tombstone_at = case when $3 = 'cancelled' then coalesce(tombstone_at, clock_now()) else tombstone_at end
  where tenant_id = $1 and id = $2
  returning version
),
job as (
  update jobs set version = version + 1, active_at = clock_now(), cancelled_at = case when $3 = 'cancelled' then clock_now() else cancelled_at end
  where tenant_id = $1 and id = $2
)
select version from marked
