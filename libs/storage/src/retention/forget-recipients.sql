-- Forgets whom campaigns went to of which all has ended. Always one row: how many. $1 tenant  $2 emails  $3 at most
with gone as (
  delete from campaign_recipients where ctid = any (array(
    select r.row from unnest($2::uuid[]) as asked (email_id)
    cross join lateral (
      select r.ctid as row from campaign_recipients r where r.tenant_id = $1 and r.email_id = asked.email_id limit $3) r
    limit $3))
  returning 1
)
select count(*)::int as gone from gone
