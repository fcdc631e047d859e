-- Lets copies wait that others must pass, each until its own instant. The caller has locked them. No row comes back.
-- $1 tenant  $2 ids  $3 their rows in due  $4 until, in ms, of each  $5 why, of each
with later as materialized (
  select $1::uuid as tenant_id, id, to_timestamp(until_ms / 1000) as until, reason from unnest($2::uuid[], $4::float8[], $5::text[]) as later (id, until_ms, reason)
),
gone as (
  delete from due where ctid = any ($3::tid[])
),
moved as (
  update deliveries d set due_at = later.until, reason = later.reason
  from later
  where d.tenant_id = later.tenant_id and d.id = later.id and d.status = 'scheduled'
  returning d.line, d.due_at, d.id, d.tenant_id, d.mode
)
insert into due (line, due_at, id, tenant_id, mode) select line, due_at, id, tenant_id, mode from moved
