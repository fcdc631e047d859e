-- Forgets deliveries of emails of which all has ended, with their attempts. Always one row: how many. $1 tenant  $2 emails  $3 at most
with copy as materialized (
  select d.tenant_id, d.id, d.row from unnest($2::uuid[]) as asked (email_id)
  cross join lateral (
    select d.tenant_id, d.id, d.ctid as row from deliveries d where d.tenant_id = $1 and d.email_id = asked.email_id limit $3) d
  limit $3
),
tried as (
  delete from attempts where ctid = any (array(
    select a.ctid from copy cross join lateral (
      select a.ctid from attempts a where a.tenant_id = copy.tenant_id and a.delivery_id = copy.id) a))
),
gone as (
  delete from deliveries where ctid = any (array(select row from copy)) returning id
)
select count(*)::int as gone from gone
