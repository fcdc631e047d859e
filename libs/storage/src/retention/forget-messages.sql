-- Forgets messages in the sandbox of emails of which all has ended. Always one row: how many. $1 tenant  $2 emails  $3 at most
with gone as (
  delete from sandbox_messages where ctid = any (array(
    select old.row from unnest($2::uuid[]) as asked (email_id)
    cross join lateral (select x.ctid as row from sandbox_messages x where x.tenant_id = $1 and x.email_id = asked.email_id limit $3) old
    limit $3)) returning 1
)
select count(*)::int as gone from gone
