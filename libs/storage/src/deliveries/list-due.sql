-- Deliveries in the order in which they come due, behind ($9, $10). No row: nothing there. Planned anew each time, for the filters set.
-- What is paused or held because it was missed is not in line, so it is not here.
-- $1 tenant  $2 mode  $3 of these emails  $4 recipient  $5 provider  $6 possible duplicate  $7 wanted from  $8 wanted before
-- $9 due at  $10 id  $11 at most
select d.id, to_char(due.due_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as due_at
from due join deliveries d on d.tenant_id = due.tenant_id and d.id = due.id
where due.tenant_id = $1 and due.mode = $2 and d.mode = $2 and d.status = 'scheduled'
  and (due.due_at, due.id) > ($9::text::timestamptz, $10::uuid)
  and ($7::timestamptz is null or due.due_at >= $7::timestamptz) -- it is never due before it was wanted
  and ($3::uuid[] is null or d.email_id = any ($3::uuid[]))
  and ($4::text is null or d.recipient_key = $4)
  and ($5::uuid is null or d.provider_id = $5::uuid)
  and ($6::boolean is null or d.possible_duplicate = $6::boolean)
  and ($7::timestamptz is null or d.eligible_at >= $7::timestamptz) and ($8::timestamptz is null or d.eligible_at < $8::timestamptz)
order by due.tenant_id, due.mode, due.due_at, due.id limit $11
