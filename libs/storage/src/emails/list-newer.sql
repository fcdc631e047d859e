-- Newer emails than $8, oldest first. No row: nothing there.
-- $1 tenant  $2 mode  $3 statuses of copies  $4 classes  $5 owner  $6 scheduled from  $7 scheduled before  $8 beyond this id  $9 at most
select e.id from emails e
where e.tenant_id = $1 and e.mode = $2 and ($8::uuid is null or e.id > $8::uuid)
  and ($3::text[] is null or exists (
    select from deliveries d where d.tenant_id = e.tenant_id and d.email_id = e.id and d.status = any ($3::text[])))
  and ($4::text[] is null or e.class = any ($4::text[]))
  and ($5::text is null or e.owner_id = $5)
  and ($6::timestamptz is null or e.scheduled_at >= $6) and ($7::timestamptz is null or e.scheduled_at < $7)
order by e.id asc limit $9
