-- Adds recipients to a campaign that nobody else adds to, each address once; who is there already is left out. Always one row: how many
-- were added, and how many of them named a zone that is none. They are numbered on from $3, with a gap for each that was left out.
-- $1 tenant  $2 campaign  $3 the last place so far  $4 keys, each once  $5 mailboxes  $6 addresses  $7 names  $8 zones  $9 data  $10 their zone is none
with given as materialized (
  select * from unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::boolean[])
    with ordinality as r (recipient_key, mailbox, address, name, time_zone, data, is_bad_zone, row)
),
added as (
  insert into campaign_recipients (tenant_id, email_id, recipient_key, place, mailbox, address, name, time_zone, data)
  select $1, $2, r.recipient_key, $3::int + r.row, r.mailbox, r.address, r.name, r.time_zone, r.data::json
  from given r
  on conflict do nothing
  returning recipient_key
)
-- Found by a hashed list, which a filter keeps it; in a where it becomes a join, and two lists of n in memory cost n x n.
select (select count(*) from added)::int as added,
  (select count(*) filter (where is_bad_zone and recipient_key in (select recipient_key from added)) from given)::int as bad_time_zones
