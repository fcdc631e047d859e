-- Events of a job ($4) of transactions from $3 on; of its progress only the newest, which says it all. No row: nothing was missed.
select o.id::text, o.xid::text from outbox o
where o.tenant_id = $1 and o.mode = $2 and o.xid >= $3::text::xid8 and o.job_id = $4
  and (o.type <> 'job.progress' or not exists (
    select from outbox later
    where later.tenant_id = o.tenant_id and later.job_id = o.job_id and later.id > o.id and later.type = 'job.progress'))
limit $5
