-- Older jobs than $7, newest first. No row: nothing there.
-- $1 tenant  $2 mode  $3 kinds  $4 statuses  $5 only unfinished ones  $6 owner  $7 beyond this id  $8 at most
select j.id from jobs j
where j.tenant_id = $1 and j.mode = $2 and ($7::uuid is null or j.id < $7::uuid)
  and ($3::text[] is null or j.kind = any ($3::text[]))
  and ($4::text[] is null or j.status = any ($4::text[]))
  and ($5::boolean is null or (j.finished_at is null) = $5::boolean)
  and ($6::text is null or j.owner_id = $6)
order by j.id desc limit $8
