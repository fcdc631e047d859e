-- Events by their place in the outbox. A row that is missing is too old to be kept.
select o.id::text, o.event_id, o.type, o.data::text as data, iso_instant(o.at) as time from outbox o
where o.tenant_id = $1 and o.id = any ($2::bigint[])
