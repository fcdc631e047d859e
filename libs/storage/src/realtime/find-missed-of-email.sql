-- Events of an email ($4), or of one of its deliveries ($5), of transactions from $3 on. No row: nothing was missed.
select o.id::text, o.xid::text from outbox o
where o.tenant_id = $1 and o.mode = $2 and o.xid >= $3::text::xid8 and o.email_id = $4 and ($5::uuid is null or o.delivery_id = $5)
  and o.type <> 'dead_letter.added'
limit $6
