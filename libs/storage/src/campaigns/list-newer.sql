-- Newer campaigns than $5, oldest first. No row: nothing there.
-- $1 tenant  $2 mode  $3 statuses as last noted  $4 owner  $5 beyond this id  $6 at most
select e.id from emails e
where e.tenant_id = $1 and e.mode = $2 and e.kind = 'campaign' and ($5::uuid is null or e.id > $5::uuid)
  and ($3::text[] is null or e.status = any ($3::text[])) and ($4::text is null or e.owner_id = $4)
order by e.id asc limit $6
