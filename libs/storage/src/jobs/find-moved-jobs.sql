-- Jobs of emails of which anything was told in transactions from $2 on: a transaction that was open at that time is looked at again, so
-- none is missed; and open ones of campaigns whose start has come, which tells nothing. Always at least one row: without an id nothing moved.
-- `position` is where to look from next. $1 tenants  $2 position; null: from now on
select seen.position, moved.tenant_id, moved.id
from (select pg_snapshot_xmin(pg_current_snapshot())::text as position) as seen
left join (
  select e.tenant_id, e.job_id as id
  from (select distinct o.tenant_id, o.email_id from outbox o where o.xid >= $2::text::xid8 and o.tenant_id = any ($1::uuid[])) as told
  join emails e on e.tenant_id = told.tenant_id and e.id = told.email_id
  where e.job_id is not null
  union
  select e.tenant_id, e.id from open_jobs o join emails e on e.tenant_id = o.tenant_id and e.id = o.job_id
  where o.tenant_id = any ($1::uuid[]) and not o.has_rows and e.kind <> 'load_test' and e.status = 'scheduled' and e.scheduled_at <= clock_now()
) as moved on true
