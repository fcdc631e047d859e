-- Makes the next recipients of a campaign, which the caller holds, into copies in its line. Always one row: how many. A recipient who has
-- a copy gets no second one.
-- Whom the wished time has passed, and who is to be left out then, has a copy that ends as expired.
-- $1 tenant  $2 campaign  $3 behind this place  $4 up to this one  $5 ids  $6 due at, but  $7 in these zones  $8 then  $9 on this day there  $10 left out
-- Recipients that are stored nowhere come along: $11 keys; null: they are stored  $12 mailboxes  $13 addresses
with clock as materialized (select clock_now() as now),
email as materialized (select mode, grace_seconds, expires_at from emails where tenant_id = $1 and id = $2),
chunk as materialized (
  select place, recipient_key, mailbox, address, time_zone from campaign_recipients
  where $11::text[] is null and tenant_id = $1 and email_id = $2 and place > $3 and place <= $4
  union all
  select $3::int + r.row, r.recipient_key, r.mailbox, r.address, null from unnest($11::text[], $12::text[], $13::text[]) with ordinality as r (recipient_key, mailbox, address, row)
),
copies as materialized (
  select ($5::uuid[])[row_number() over (order by chunk.place)] as id, chunk.*, coalesce(own.due_at, $6::timestamptz) as due_at, own.local_date, coalesce(own.is_skipped, false) as is_skipped
  from chunk left join unnest($7::text[], $8::timestamptz[], $9::date[], $10::boolean[]) as own (zone, due_at, local_date, is_skipped) on own.zone = coalesce(chunk.time_zone, '')
),
made as (
  insert into deliveries (tenant_id, id, email_id, lane, line, mode, role, mailbox, address, recipient_key, due_at, eligible_at, created_at,
    grace_seconds, expires_at, counted, time_zone, local_date, status, reason, finished_at)
  select $1::uuid, copies.id, $2::uuid, 'bulk', $2::text, email.mode, 'to', copies.mailbox, copies.address, copies.recipient_key, copies.due_at,
    copies.due_at, clock.now, email.grace_seconds, email.expires_at, true, copies.time_zone, copies.local_date,
    case when copies.is_skipped then 'expired' else 'scheduled' end, case when copies.is_skipped then 'missed' end,
    case when copies.is_skipped then clock.now end
  from clock, copies, email
  on conflict do nothing
  returning id, due_at, mode, status
),
queued as (
  insert into due (line, due_at, id, tenant_id, mode) select $2::text, due_at, id, $1::uuid, mode from made where status = 'scheduled'
),
moved as (
  update campaigns set position = $4, expanding = last_place > $4, moving = moving and last_place > $4 where tenant_id = $1 and email_id = $2
),
sooner as (
  update lines l set next_at = greatest(first.due_at, clock.now) from clock, (select min(due_at) as due_at from made where status = 'scheduled') first
  where l.line = $2::text and l.tenant_id = $1 and l.next_at > first.due_at
),
-- What had expired before all copies were made is looked at once more.
expiring_still as (
  insert into expiring (expires_at, tenant_id, email_id)
  select clock.now, $1::uuid, $2::uuid from clock, email where email.expires_at <= clock.now on conflict do nothing
)
select count(*)::int as made,
  (select pg_notify('mailtide_due', '') from made, clock where made.due_at < clock.now + interval '1 second' limit 1) as notified
from made
