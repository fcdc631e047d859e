-- Takes what is due in one lane within the look-ahead, oldest first. A row that is missing was taken by another poller.
-- $1 batch  $2 watermark  $3 look-ahead in ms  $4 lane  $5 grant in s  $6 claim id  $7 poller
with taken as materialized (
  select ctid, id from due
  where lane = $4 and due_at <= clock_statement() + $3::float8 * interval '1 millisecond' and due_at >= $2::timestamptz
  order by lane, due_at limit $1 for update skip locked
),
gone as (
  delete from due where ctid = any (array(select ctid from taken)) returning tenant_id, id
),
claimed as (
  update deliveries d set status = 'queued', epoch = d.epoch + 1, claimed_at = clock_statement(),
    first_claimed_at = coalesce(d.first_claimed_at, greatest(d.due_at, clock_statement())),
    grant_until = greatest(d.due_at, clock_statement()) + $5::float8 * interval '1 second'
  from gone
  where d.tenant_id = gone.tenant_id and d.id = gone.id and d.status = 'scheduled'
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
