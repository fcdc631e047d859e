-- Ends deliveries that are too late to be sent, or holds them where their email says so. A row that is missing has moved on, or
-- somebody is changing it: this never waits, so it can be part of no deadlock. What may have arrived ends as `unknown`.
-- Of a paused email nothing is late; of a cancelled one the end of its cancel tells.
-- The ids come sorted by (tenant, id).
with late as materialized (
  select d.*, e.owner_id, e.job_id,
    case when d.expires_at <= clock_statement() then 'expires_at_passed' else 'missed' end as lapse,
    case when d.resends > 0 then 'unknown' when e.on_missed = 'hold' and (d.expires_at is null or d.expires_at > clock_statement())
      then 'scheduled' else 'expired' end as becomes
  from unnest($1::uuid[], $2::uuid[]) as asked (tenant_id, id)
  cross join lateral (
    select d.* from deliveries d
    where d.tenant_id = asked.tenant_id and d.id = asked.id and d.status = 'scheduled'
      and (d.due_at + (d.grace_seconds + 1) * interval '1 second' <= clock_statement() or d.expires_at <= clock_statement())
    limit 1 for no key update skip locked) d
  cross join lateral (
    select e.owner_id, e.job_id, e.on_missed from emails e
    where e.tenant_id = d.tenant_id and e.id = d.email_id and e.tombstone_at is null and e.status not in ('paused', 'cancelled') limit 1) e
),
unqueued as (
  delete from due where ctid = any (array(
    select q.row from late cross join lateral (
      select due.ctid as row from due where due.line = late.line and due.due_at = late.due_at and due.id = late.id limit 1) q))
),
ended as (
  update deliveries d set status = late.becomes, epoch = d.epoch + 1,
    version = d.version + case when late.becomes = 'scheduled' then 0 else 1 end, -- being held is no event
    reason = case when late.becomes = 'unknown' then 'ambiguous' else late.lapse end,
    finished_at = case when late.becomes = 'scheduled' then null else clock_now() end
  from late where d.tenant_id = late.tenant_id and d.id = late.id and d.status = 'scheduled'
  returning d.tenant_id, d.id, d.status, d.epoch, d.version, d.reason, late.status as "from", late.mode, late.email_id, late.owner_id, late.job_id,
    late.address, late.attempt, late.provider_id, late.possible_duplicate,
    case when late.first_claimed_at is not null then greatest(0, extract(epoch from late.first_claimed_at - late.eligible_at)::float8 * 1000) end as late_ms
)
select * from ended
