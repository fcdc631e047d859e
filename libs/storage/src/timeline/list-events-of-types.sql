-- Events of some types among the next of a tenant and mode, behind ($4, $5), in the order of list-events.sql. A rare type is not looked for
-- among all that was ever told: of so many ($7), and each row says where that ends. No row: nothing more was told; one without an id:
-- none of them is of these types. $1 tenant  $2 mode  $3 types  $4 transaction  $5 place  $6 at most  $7 of so many
with walked as materialized (
  select o.id, o.xid, o.type from outbox o
  where o.tenant_id = $1 and o.mode = $2 and o.xid < pg_snapshot_xmin(pg_current_snapshot()) and (o.xid, o.id) > ($4::text::xid8, $5::bigint)
  order by o.tenant_id, o.mode, o.xid, o.id limit $7
),
last as (
  select xid, id from walked order by xid desc, id desc limit 1
),
found as materialized (
  select xid, id from walked where type = any ($3::text[]) order by xid, id limit $6
)
select o.event_id as id, o.type, iso_instant(o.at) as time, o.email_id, o.delivery_id, o.job_id, o.actor,
  (o.data ->> 'attempt')::int as attempt, o.data, o.xid::text as xid, o.id::text as place,
  last.xid::text as last_xid, last.id::text as last_place, (select count(*) from walked) = $7 as is_cut
from last left join (found join outbox o on o.id = found.id) on true
order by found.xid, found.id
