-- Jobs of emails of which anything was told in transactions from $2 on: a transaction that was open at that time is looked at again, so
-- none is missed. Always at least one row: without an id nothing moved. `position` is where to look from next.
-- $1 tenants  $2 position; null: from now on
select seen.position, moved.tenant_id, moved.id
from (select pg_snapshot_xmin(pg_current_snapshot())::text as position) as seen
left join (
  select distinct e.tenant_id, e.job_id as id
  from outbox o join emails e on e.tenant_id = o.tenant_id and e.id = o.email_id
  where o.xid >= $2::text::xid8 and o.tenant_id = any ($1::uuid[]) and e.job_id is not null
) as moved on true
