-- Ends the unarmed copies of emails that have expired. No row: nothing was left to end, or what is left is being changed: this never
-- waits, so it can be part of no deadlock. What may have arrived ends as `unknown`.
-- Of an audience nobody walks over what has ended: what waits stands in its line, what is queued in a claim. Only what waits in no line,
-- for a person, is looked for among all, and only when the line is empty.
-- $1 tenants  $2 emails  $3 copies at most
with expired as materialized (
  select asked.tenant_id, asked.email_id, e.owner_id, e.job_id, coalesce(e.kind = 'single' or counted.scheduled > 0 and not exists (
    select from due where due.line = asked.email_id::text), false) as is_walked
  from unnest($1::uuid[], $2::uuid[]) as asked (tenant_id, email_id)
  cross join lateral (
    select e.owner_id, e.job_id, e.kind from emails e
    where e.tenant_id = asked.tenant_id and e.id = asked.email_id and e.expires_at <= clock_statement() and e.tombstone_at is null limit 1) e
  cross join lateral (
    select sum(n.scheduled) as scheduled from email_counters n where n.tenant_id = asked.tenant_id and n.email_id = asked.email_id) counted
),
open as materialized (
  select distinct tenant_id, id from (
    (select expired.tenant_id, due.id from expired join due on due.line = expired.email_id::text and due.tenant_id = expired.tenant_id limit $3)
    union all
    (select expired.tenant_id, claimed.id from expired cross join lateral claimed_of(expired.tenant_id, expired.email_id) as claimed (id)
      where not expired.is_walked limit $3)
    union all
    (select expired.tenant_id, d.id from expired join deliveries d on d.tenant_id = expired.tenant_id and d.email_id = expired.email_id
      where expired.is_walked and d.status in ('scheduled', 'queued') limit $3)
    limit $3) open
),
copy as materialized (
  select d.*, expired.owner_id, expired.job_id
  from open
  cross join lateral (
    select d.* from deliveries d
    where d.tenant_id = open.tenant_id and d.id = open.id and d.status in ('scheduled', 'queued')
    limit 1 for no key update skip locked) d
  join expired on expired.tenant_id = d.tenant_id and expired.email_id = d.email_id
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
