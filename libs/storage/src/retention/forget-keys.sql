-- Forgets idempotency keys of what ended more than 30 days ago. Always one row: how many. $1 at most
with gone as (
  delete from idempotency_keys where ctid = any (array(
    select k.ctid from idempotency_keys k
    where k.created_at < clock_statement() - interval '30 days'
      and not exists (
        select from deliveries d where d.tenant_id = k.tenant_id and d.email_id = k.email_id
          and (d.status not in ('sent', 'failed', 'unknown', 'cancelled', 'expired', 'suppressed') or d.finished_at >= clock_statement() - interval '30 days'))
      and not exists (
        select from jobs j where j.tenant_id = k.tenant_id and j.id = k.job_id
          and (j.finished_at is null or j.finished_at >= clock_statement() - interval '30 days'))
    limit $1)) returning 1
)
select count(*)::int as gone from gone
