-- Newer dead letters than $10, oldest first. No row: nothing there. Planned anew each time, for the filters that are set.
-- $1 tenant  $2 mode  $3 kinds  $4 reasons  $5 statuses  $6 job  $7 email  $8 made from  $9 made before  $10 beyond this id  $11 at most
select l.id from dead_letters l
where l.tenant_id = $1 and l.mode = $2 and ($10::uuid is null or l.id > $10::uuid)
  and ($3::text[] is null or l.kind = any ($3::text[]))
  and ($4::text[] is null or l.reason = any ($4::text[]))
  and ($5::text[] is null or l.status = any ($5::text[]))
  and ($6::uuid is null or l.job_id = $6::uuid)
  and ($7::uuid is null or l.email_id = $7::uuid)
  and ($8::timestamptz is null or l.created_at >= $8::timestamptz) and ($9::timestamptz is null or l.created_at < $9::timestamptz)
order by l.id limit $11
