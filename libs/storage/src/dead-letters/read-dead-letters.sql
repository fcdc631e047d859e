-- Dead letters in the order asked. A row that is missing does not exist for this tenant and mode.
-- $1 tenant  $2 mode  $3 dead letters  $4 whether their payloads are wanted
select l.id, l.kind, l.reason, l.status, l.delivery_id, l.email_id, l.job_id, l.attempts, l.error, l.conversation, l.topic, l.partition,
  l.record_offset::text as record_offset, case when $4::boolean then l.payload end as payload, l.created_at, l.closed_at, l.closed_by, l.note
from unnest($3::uuid[]) with ordinality as asked (id, place)
join dead_letters l on l.tenant_id = $1 and l.id = asked.id and l.mode = $2
order by asked.place
