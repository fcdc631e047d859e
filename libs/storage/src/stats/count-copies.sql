-- The copies of an email by state. No row: no such email for this tenant and mode. $1 tenant  $2 mode  $3 email
select clock_now() as now, copies.* from emails e
cross join lateral (
  select count(*)::int as total,
    count(*) filter (where d.status = 'scheduled')::int as scheduled,
    count(*) filter (where d.status = 'queued')::int as queued,
    count(*) filter (where d.status = 'sending')::int as sending,
    count(*) filter (where d.status = 'sent')::int as sent,
    count(*) filter (where d.status = 'failed')::int as failed,
    count(*) filter (where d.status = 'unknown')::int as unknown,
    count(*) filter (where d.status = 'cancelled')::int as cancelled,
    count(*) filter (where d.status = 'expired')::int as expired,
    count(*) filter (where d.status = 'suppressed')::int as suppressed
  from deliveries d where d.tenant_id = e.tenant_id and d.email_id = e.id
) copies
where e.tenant_id = $1 and e.mode = $2 and e.id = $3
