-- Takes what is due in one lane within the look-ahead, oldest first. A row that is missing was taken by another poller, or
-- somebody is changing it at this moment: claiming never waits for anybody, so it can be part of no deadlock (decision 5).
-- Deliveries are found again by key, not by ctid: a version committed since this statement began has another one.
-- What is too late to be sent, or has expired, is not taken: a duty ends it (libs/storage/src/misfire).
-- What goes under a limit is only led into a line of its tenant: there it is measured out (decision 16).
-- $1 batch  $2 watermark  $3 look-ahead in ms  $4 lane  $5 grant in s  $6 claim id  $7 poller
with taken as materialized (
  select due.ctid, d.tenant_id, d.id, d.mode, d.due_at
  from due join deliveries d on d.tenant_id = due.tenant_id and d.id = due.id
  where due.line = $4 and due.due_at <= clock_statement() + $3::float8 * interval '1 millisecond' and due.due_at >= $2::timestamptz
    and d.status = 'scheduled' and d.due_at + (d.grace_seconds + 1) * interval '1 second' > clock_statement()
    and (d.expires_at is null or d.expires_at > clock_statement())
  order by due.line, due.due_at limit $1 for no key update of due, d skip locked
),
limited as materialized (
  select tenant_id from limited_among(array(select distinct tenant_id from taken)) as limited (tenant_id)
),
gone as (
  delete from due where ctid = any (array(select ctid from taken))
),
measured as materialized (
  select taken.tenant_id, taken.id, taken.mode, taken.due_at, 'tenant:' || taken.tenant_id || ':' || $4 || ':' || taken.mode as line
  from taken where taken.tenant_id = any (array(select tenant_id from limited))
),
led as (
  update deliveries d set line = measured.line from measured
  where d.tenant_id = measured.tenant_id and d.id = measured.id and d.status = 'scheduled'
),
lined as (
  insert into due (line, due_at, id, tenant_id, mode) select line, due_at, id, tenant_id, mode from measured
),
opened as (
  insert into lines (line, tenant_id, lane, mode, next_at)
  select line, tenant_id, $4, mode, min(due_at) from measured group by line, tenant_id, mode order by line
  on conflict do nothing -- the line is called by what comes into it
),
claimed as (
  update deliveries d set status = 'queued', epoch = d.epoch + 1, claimed_at = clock_statement(),
    first_claimed_at = coalesce(d.first_claimed_at, greatest(d.due_at, clock_statement())),
    grant_until = greatest(d.due_at, clock_statement()) + $5::float8 * interval '1 second',
    charged = null, charged_at = null -- of a grant before
  from taken
  where d.tenant_id = taken.tenant_id and d.id = taken.id and d.status = 'scheduled'
    and taken.tenant_id not in (select tenant_id from limited)
  returning d.tenant_id, d.id, d.epoch, d.due_at, d.mode, d.grant_until
),
noted as (
  insert into claims (id, lane, claimed_by, grant_until, tenants, deliveries, epochs)
  select $6::uuid, $4, $7::uuid, max(grant_until), array_agg(tenant_id), array_agg(id), array_agg(epoch)
  from claimed having count(*) > 0
)
select tenant_id, id, epoch, mode, extract(epoch from due_at)::float8 * 1000 as due_ms,
  extract(epoch from clock_now())::float8 * 1000 as now_ms
from claimed
union all
-- That something was led into a line.
(select tenant_id, null, 0, mode, 0, 0 from measured limit 1)
