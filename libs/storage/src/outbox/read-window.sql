-- A page of the window, in the order of one delivery. No row: the window is done.
-- $1 from xid  $2 to xid  $3 after id  $4 at most
select o.id::text, o.event_id, o.tenant_id, o.mode, o.topic, o.key, o.type, o.event_version, o.source, o.email_id, o.delivery_id, o.job_id, o.traceparent,
  o.data::text as data, iso_instant(o.at) as time
from outbox o
where o.xid >= $1::text::xid8 and o.xid < $2::text::xid8 and o.id > $3::bigint
order by o.id limit $4
