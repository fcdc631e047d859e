-- Newer deliveries than $9, oldest first. No row: nothing there. Planned anew each time, for the filters that are set.
-- $1 tenant  $2 mode  $3 of these emails  $4 recipient  $5 provider  $6 possible duplicate  $7 wanted from  $8 wanted before
-- $9 beyond this id  $10 at most  $11 statuses
select d.id from deliveries d
where d.tenant_id = $1 and d.mode = $2 and ($9::uuid is null or d.id > $9::uuid)
  and ($3::uuid[] is null or d.email_id = any ($3::uuid[]))
  and ($4::text is null or d.recipient_key = $4)
  and ($11::text[] is null or d.status = any ($11::text[]))
  and ($5::uuid is null or d.provider_id = $5::uuid)
  and ($6::boolean is null or d.possible_duplicate = $6::boolean)
  and ($7::timestamptz is null or d.eligible_at >= $7::timestamptz) and ($8::timestamptz is null or d.eligible_at < $8::timestamptz)
order by d.id limit $10
