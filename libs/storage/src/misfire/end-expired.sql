-- Ends the unarmed copies of emails that have expired. No row: nothing was left to end, or what is left is being changed: this never
-- waits, so it can be part of no deadlock. What may have arrived ends as `unknown`. $1 tenants  $2 emails  $3 copies at most
with copy as materialized (
  select d.*, e.owner_id, e.job_id
  from unnest($1::uuid[], $2::uuid[]) as asked (tenant_id, email_id)
  cross join lateral (
    select e.owner_id, e.job_id from emails e
    where e.tenant_id = asked.tenant_id and e.id = asked.email_id and e.expires_at <= clock_statement() and e.tombstone_at is null limit 1) e
  cross join lateral (
    select d.* from deliveries d
    where d.tenant_id = asked.tenant_id and d.email_id = asked.email_id and d.status in ('scheduled', 'queued')
    limit $3 for no key update skip locked) d
  limit $3
),
unqueued as (
  delete from due where ctid = any (array(
    select q.row from copy cross join lateral (
      select due.ctid as row from due where due.line = copy.line and due.due_at = copy.due_at and due.id = copy.id limit 1) q))
),
ended as (
  update deliveries d set status = case when copy.resends > 0 then 'unknown' else 'expired' end, epoch = d.epoch + 1, version = d.version + 1,
    reason = case when copy.resends > 0 then 'ambiguous' else 'expires_at_passed' end, finished_at = clock_now()
  from copy where d.tenant_id = copy.tenant_id and d.id = copy.id and d.status in ('scheduled', 'queued')
  returning d.tenant_id, d.id, d.status, d.epoch, d.version, d.reason, copy.status as "from", copy.mode, copy.email_id, copy.owner_id, copy.job_id,
    copy.address, copy.attempt, copy.provider_id, copy.possible_duplicate,
    case when copy.first_claimed_at is not null then greatest(0, extract(epoch from copy.first_claimed_at - copy.eligible_at)::float8 * 1000) end as late_ms
)
select * from ended
