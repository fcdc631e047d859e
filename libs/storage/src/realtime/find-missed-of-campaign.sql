-- Events of a campaign ($4) as a whole, none of its copies, of transactions from $3 on; of its progress only the newest. They are looked for
-- in the order of the tenant's events: by its id one would walk over the events of a million copies. No row: nothing was missed.
select o.id::text, o.xid::text from outbox o
where o.tenant_id = $1 and o.mode = $2 and o.xid >= $3::text::xid8
  and (o.job_id = $4 or (o.email_id = $4 and o.delivery_id is null))
  and (o.type <> 'job.progress' or not exists (
    select from outbox later
    where later.tenant_id = o.tenant_id and later.job_id = o.job_id and later.id > o.id and later.type = 'job.progress'))
order by o.xid, o.id
limit $5
