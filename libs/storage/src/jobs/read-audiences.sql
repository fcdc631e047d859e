-- Where the copies of campaigns and load tests stand, by their counters: what it costs does not grow with them. A row that is missing is
-- the job of no such email. $1 tenant  $2 jobs, each of the id of its email
select j.id, e.name, e.status as email_status, e.status = 'draft' as is_draft, e.tombstone_at is not null or j.cancelled_at is not null as is_cancelled,
  coalesce(l.paused, false) or e.status = 'paused' as is_paused, c.expanding, c.next_run_at is not null as is_repeating, j.retrying is not null as is_retrying, case when c.expanding or e.status = 'draft' then c.recipients else 0 end as expected,
  greatest(e.scheduled_at, j.created_at) as starts_at, j.kind <> 'load_test' and e.scheduled_at <= clock_now() as has_begun,
  greatest(c.delay_seconds, case when c.hourly_limit is not null and c.spread <> 'burst' then 3600.0 / c.hourly_limit else 0 end)::float8 as seconds_each,
  case when c.spread = 'burst' then c.hourly_limit end as at_once_an_hour,
  l.waits_for, clock_now() as now, next.due_at as next_at, next.reason as next_reason, last.due_at as last_at, j.told -> 'counts' as told_counts,
  counts.*
from unnest($2::uuid[]) as asked (id)
join jobs j on j.tenant_id = $1 and j.id = asked.id
join emails e on e.tenant_id = $1 and e.id = asked.id
join campaigns c on c.tenant_id = $1 and c.email_id = asked.id
left join lines l on l.line = asked.id::text and l.tenant_id = $1
cross join lateral (
  select coalesce(sum(scheduled + queued + sending + sent + failed + unknown + cancelled + expired + suppressed), 0)::int as total,
    coalesce(sum(scheduled), 0)::int as scheduled, coalesce(sum(queued), 0)::int as queued, coalesce(sum(sending), 0)::int as sending,
    coalesce(sum(sent), 0)::int as sent, coalesce(sum(failed), 0)::int as failed, coalesce(sum(unknown), 0)::int as unknown,
    coalesce(sum(cancelled), 0)::int as cancelled, coalesce(sum(expired), 0)::int as expired, coalesce(sum(suppressed), 0)::int as suppressed
  from email_counters n where n.tenant_id = $1 and n.email_id = asked.id
) counts
-- Of the copies that are for later the one that goes next, where none is under way and the line is looked at, and why; and the last one.
-- Looked for behind this moment only: before it lie the index entries of all that has gone.
left join lateral (
  select due.due_at, coalesce(d.reason, case when d.attempt > 0 then 'retry_backoff' else 'not_due' end) as reason from (
    select due.due_at, due.id from due
    where due.line = asked.id::text and due.tenant_id = $1 and due.due_at > clock_statement() order by due.line, due.due_at limit 1) due
  join deliveries d on d.tenant_id = $1 and d.id = due.id) next on counts.queued + counts.sending = 0 and l.next_at > clock_statement() - interval '5 seconds'
left join lateral (
  select due.due_at from due
  where due.line = asked.id::text and due.tenant_id = $1 and due.due_at > clock_statement() order by due.line desc, due.due_at desc limit 1) last on true
