-- Grants copies that the caller has locked: `scheduled -> queued`, out of their lines, charged to their limits. What is charged is
-- dated before anybody can see it. Always one row for each.
-- $1 tenant  $2 ids  $3 their rows in due  $4 limits, a text for each  $5 claim id  $6 lane  $7 poller  $8 grant in s
with taken as materialized (
  select $1::uuid as tenant_id, id, charged::uuid[] as charged from unnest($2::uuid[], $4::text[]) as taken (id, charged)
),
gone as (
  delete from due where ctid = any ($3::tid[])
),
claimed as (
  update deliveries d set status = 'queued', epoch = d.epoch + 1, claimed_at = clock_statement(),
    first_claimed_at = coalesce(d.first_claimed_at, clock_statement()), grant_until = clock_statement() + $8::float8 * interval '1 second',
    reason = null, charged = taken.charged, charged_at = case when taken.charged is not null then clock_statement() end
  from taken
  where d.tenant_id = taken.tenant_id and d.id = taken.id and d.status = 'scheduled'
  returning d.tenant_id, d.id, d.epoch, d.due_at, d.mode, d.grant_until
),
noted as (
  insert into claims (id, lane, claimed_by, grant_until, tenants, deliveries, epochs)
  select $5::uuid, $6, $7::uuid, max(grant_until), array_agg(tenant_id), array_agg(id), array_agg(epoch)
  from claimed having count(*) > 0
)
select tenant_id, id, epoch, mode, extract(epoch from due_at)::float8 * 1000 as due_ms,
  extract(epoch from clock_now())::float8 * 1000 as now_ms
from claimed
