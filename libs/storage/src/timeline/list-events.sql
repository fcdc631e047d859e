-- Events of a tenant and mode in the order of their transactions, behind ($7, $8). No row: nothing more. Planned anew each time, for the
-- filters that are set. Only of transactions before every one that is open: so none can appear before one that was read already.
-- $1 tenant  $2 mode  $3 of these emails, or  $4 about this job  $5 delivery  $6 types  $7 transaction  $8 place  $9 at most
select o.event_id as id, o.type, iso_instant(o.at) as time, o.email_id, o.delivery_id, o.job_id, o.actor,
  (o.data ->> 'attempt')::int as attempt, o.data, o.xid::text as xid, o.id::text as place
from outbox o
where o.tenant_id = $1 and o.mode = $2 and o.xid < pg_snapshot_xmin(pg_current_snapshot())
  and (o.xid, o.id) > ($7::text::xid8, $8::bigint)
  and ($3::uuid[] is null or o.email_id = any ($3::uuid[]) or o.job_id = $4::uuid)
  and ($5::uuid is null or o.delivery_id = $5::uuid)
  and ($6::text[] is null or o.type = any ($6::text[]))
order by o.xid, o.id limit $9
