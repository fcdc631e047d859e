-- Events of an email ($4), or of one of its deliveries ($5), of transactions from $3 on, in their order. No row: nothing was missed.
select o.event_id, o.type, o.data::text as data, iso_instant(o.at) as time
from outbox o
where o.tenant_id = $1 and o.mode = $2 and o.xid >= $3::text::xid8 and o.email_id = $4 and ($5::uuid is null or o.delivery_id = $5)
order by o.id limit $6
