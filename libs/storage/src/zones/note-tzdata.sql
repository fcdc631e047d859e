-- Notes which time zones are known, and has the wishes of all tenants looked at anew. No row: these or newer ones were noted before.
-- $1 version
with noted as (
  insert into tzdata (version) values ($1)
  on conflict (one) do update set version = excluded.version where tzdata.version collate "C" < excluded.version collate "C"
  returning version
),
planned as (
  insert into zone_walks (tenant_id, starts_at) select t.id, clock_now() from tenants t, noted
  on conflict (tenant_id) do update set email_id = null, campaign_id = null, delivery_id = null
)
select version from noted
