-- Events of a tenant and mode, or those about the emails and jobs of one owner ($4), or only its dead letters ($5), of transactions from
-- $3 on; of the progress of a job only the newest. No row: nothing was missed.
select o.id::text, o.xid::text from outbox o
where o.tenant_id = $1 and o.mode = $2 and o.xid >= $3::text::xid8
  and (o.type = 'dead_letter.added') = $5::boolean
  and ($4::text is null or (o.delivery_id is null and (
    exists (select from emails e where e.tenant_id = o.tenant_id and e.id = o.email_id and e.owner_id = $4)
    or exists (select from jobs j where j.tenant_id = o.tenant_id and j.id = o.job_id and j.owner_id = $4))))
  and (o.type <> 'job.progress' or not exists (
    select from outbox later
    where later.tenant_id = o.tenant_id and later.job_id = o.job_id and later.id > o.id and later.type = 'job.progress'))
limit $6
