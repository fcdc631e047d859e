-- Deliveries in the order in which they come due, behind ($10, $11). No row: nothing there. Planned anew each time, for the filters set.
-- What is paused or held because it was missed is not in line, so it is not here.
-- $1 tenant  $2 mode  $3 of these emails  $4 recipient  $5 lane  $6 provider  $7 possible duplicate  $8 wanted from  $9 wanted before
-- $10 due at  $11 id  $12 at most
select d.id, to_char(due.due_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as due_at
from due join deliveries d on d.tenant_id = due.tenant_id and d.id = due.id
where due.line = $5 and due.tenant_id = $1 and due.mode = $2 and d.mode = $2 and d.status = 'scheduled'
  and (due.due_at, due.id) > ($10::text::timestamptz, $11::uuid)
  and ($8::timestamptz is null or due.due_at >= $8::timestamptz) -- it is never due before it was wanted
  and ($3::uuid[] is null or d.email_id = any ($3::uuid[]))
  and ($4::text is null or d.recipient_key = $4)
  and ($6::uuid is null or d.provider_id = $6::uuid)
  and ($7::boolean is null or d.possible_duplicate = $7::boolean)
  and ($8::timestamptz is null or d.eligible_at >= $8::timestamptz) and ($9::timestamptz is null or d.eligible_at < $9::timestamptz)
order by due.line, due.due_at, due.id limit $12
