-- Emails of a tenant made before a time, in the order of their ids, and whether all of each has ended before it. No row: there is no other.
-- Ids are names made by apps, not times: they only say where to look. What decides was written by this database.
-- $1 tenant  $2 after this id  $3 below this id  $4 days  $5 at most
select e.id, (
    not e.cancel_open and e.updated_at < past.time
    and not exists (
      select from deliveries d where d.tenant_id = e.tenant_id and d.email_id = e.id
        and (d.status not in ('sent', 'failed', 'unknown', 'cancelled', 'expired', 'suppressed') or d.finished_at is null or d.finished_at >= past.time))
    and not exists (select from dead_letters l where l.tenant_id = e.tenant_id and l.email_id = e.id and l.created_at >= past.time)
    and not exists (select from jobs j where j.tenant_id = e.tenant_id and j.id = e.job_id and (j.finished_at is null or j.finished_at >= past.time))
    -- Without a copy it has lost them to an earlier pass, or is still to get them.
    and (e.kind = 'single' or e.job_id is not null or exists (select from deliveries d where d.tenant_id = e.tenant_id and d.email_id = e.id))
  ) as is_over
from (select clock_statement() - $4::float8 * interval '1 day' as time) past,
  lateral (
    select e.* from emails e where e.tenant_id = $1 and e.id > $2 and e.id < $3 and e.created_at < past.time order by e.id limit $5) e
order by e.id
