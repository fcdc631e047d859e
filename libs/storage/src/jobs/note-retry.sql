-- Notes how far the opening of copies again is, of a job that the caller holds, and lets its line be looked at now. Always one row.
-- $1 tenant  $2 job  $3 the last copy; null: it is over
with woken as (
  update lines set next_at = clock_now(), waits_for = null where line = $2::uuid::text and tenant_id = $1 and next_at > clock_now()
)
update jobs set position = $3, retrying = case when $3::uuid is not null then retrying end, active_at = clock_now()
where tenant_id = $1 and id = $2
returning id
