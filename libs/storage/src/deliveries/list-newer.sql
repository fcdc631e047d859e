-- Newer deliveries than $10, oldest first. No row: nothing there. Planned anew each time, for the filters that are set.
-- $1 tenant  $2 mode  $3 of these emails  $4 recipient  $5 statuses  $6 provider  $7 possible duplicate  $8 wanted from  $9 wanted before
-- $10 beyond this id  $11 at most
select d.id from deliveries d
where d.tenant_id = $1 and d.mode = $2 and ($10::uuid is null or d.id > $10::uuid)
  and ($3::uuid[] is null or d.email_id = any ($3::uuid[]))
  and ($4::text is null or d.recipient_key = $4)
  and ($5::text[] is null or d.status = any ($5::text[]))
  and ($6::uuid is null or d.provider_id = $6::uuid)
  and ($7::boolean is null or d.possible_duplicate = $7::boolean)
  and ($8::timestamptz is null or d.eligible_at >= $8::timestamptz) and ($9::timestamptz is null or d.eligible_at < $9::timestamptz)
order by d.id limit $11
