-- Events of a tenant and mode, or those about the emails of one owner ($4), of transactions from $3 on, in their order. No row: nothing was missed.
select o.event_id, o.type, o.data::text as data, iso_instant(o.at) as time
from outbox o
where o.tenant_id = $1 and o.mode = $2 and o.xid >= $3::text::xid8
  and ($4::text is null or (o.delivery_id is null
    and exists (select from emails e where e.tenant_id = o.tenant_id and e.id = o.email_id and e.owner_id = $4)))
order by o.id limit $5
