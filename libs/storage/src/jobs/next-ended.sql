-- Walks on over the copies of a campaign or load test: which of the next ones ended so, and where the walk is then. Always one row; without
-- a position it is over. Each copy is passed once, so what fails again stays as it is.
-- $1 tenant  $2 its id  $3 behind this copy  $4 statuses  $5 at most so many are looked at
with step as materialized (
  select id, status from deliveries
  where tenant_id = $1 and email_id = $2 and ($3::uuid is null or id > $3::uuid)
  order by tenant_id, email_id, id limit $5
)
select (select id from step order by id desc limit 1) as position,
  coalesce((select array_agg(id order by id) from step where status = any ($4::text[])), '{}') as ended
