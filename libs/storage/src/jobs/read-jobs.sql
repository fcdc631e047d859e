-- Jobs, and for those of single emails where their copies stand (of others: read-audiences.sql). A row that is missing does not exist for this tenant and mode.
select j.tenant_id, j.id, j.mode, j.kind, j.status, j.owner_id, j.work is not null as has_rows,
  j.rows_total, j.rows_done, j.rows_ok, j.rows_rejected, j.result, j.rejections,
  j.version, j.rate, j.told_at, j.told_done, j.cancelled_at is not null as is_cancelled, j.created_at, j.started_at, j.active_at, j.finished_at, clock_now() as now,
  copies.*
from unnest($3::uuid[]) with ordinality as asked (id, place)
join jobs j on j.tenant_id = $1 and j.id = asked.id and j.mode = $2
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
    count(*) filter (where d.status = 'suppressed')::int as suppressed,
    count(*) filter (where d.paused and d.status in ('scheduled', 'queued', 'sending'))::int as paused,
    count(*) filter (where d.status in ('queued', 'sending') and d.hold_until is null
      or d.status = 'scheduled' and d.due_at <= clock_now() and not d.paused)::int as waiting,
    max(d.due_at) filter (where d.status = 'scheduled') as last_due_at,
    min(d.first_claimed_at) as first_claimed_at,
    max(greatest(d.claimed_at, d.armed_at, d.finished_at)) as last_moved_at,
    max(d.finished_at) as last_finished_at
  from (
    -- A job's emails were made together, so their copies are one walk through an index. Joined email by email, the planner may read all
    -- of the tenant's copies for each before the first analyze.
    select array_agg(e.id order by e.id) as emails
    from emails e
    where j.work is null and j.kind not in ('campaign', 'broadcast', 'load_test') and e.tenant_id = j.tenant_id and e.job_id = j.id
  ) its
  cross join lateral (
    select * from deliveries own
    where its.emails is not null -- else the planner may read all of the tenant's copies to find none
      and own.tenant_id = j.tenant_id and own.email_id between its.emails[1] and its.emails[cardinality(its.emails)]
      and own.email_id = any (its.emails)
    offset 0
  ) d
) copies
order by asked.place
