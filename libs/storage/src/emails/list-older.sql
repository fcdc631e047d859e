-- Older emails than $14, newest first. No row: nothing there. Planned anew each time, for the filters that are set.
-- $1 tenant  $2 mode  $3 statuses of copies  $4 classes  $5 owner  $6 scheduled from  $7 scheduled before  $8 kinds  $9 job
-- $10 created from  $11 created before  $12 tags, all of them  $13 recipient  $14 beyond this id  $15 at most
select e.id from emails e
where e.tenant_id = $1 and e.mode = $2 and ($14::uuid is null or e.id < $14::uuid)
  and ($3::text[] is null or has_copy_in(e, $3::text[]))
  and ($4::text[] is null or e.class = any ($4::text[]))
  and ($5::text is null or e.owner_id = $5)
  and ($6::timestamptz is null or e.scheduled_at >= $6) and ($7::timestamptz is null or e.scheduled_at < $7)
  and ($8::text[] is null or e.kind = any ($8::text[]))
  and ($9::uuid is null or e.job_id = $9::uuid)
  and ($10::timestamptz is null or e.created_at >= $10) and ($11::timestamptz is null or e.created_at < $11)
  and ($12::jsonb is null or e.tags @> $12::jsonb)
  and ($13::text is null or exists (
    select from deliveries d where d.tenant_id = e.tenant_id and d.email_id = e.id and d.recipient_key = $13))
order by e.id desc limit $15
