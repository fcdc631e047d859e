-- Writes how fast a campaign goes that the caller holds, and has its line looked at anew. Always one row; past use counts.
-- $1 tenant  $2 campaign  $3 delay in s  $4 hourly limit  $5 spread  $6 weight  $7 name  $8 variables  $9 another start  $10 of copies that are made
-- $11 how it repeats  $12 sets its next run  $13 which is then; null: there is none
with campaign as (
  update campaigns set delay_seconds = $3, hourly_limit = $4, spread = $5, weight = $6, data_names = $8::text[],
    moving = moving or $10::boolean, position = case when $10::boolean then 0 else position end,
    expanding = expanding or $10::boolean and last_place > 0,
    repeat = $11::json, next_run_at = case when $12::boolean then $13::timestamptz else next_run_at end
  where tenant_id = $1 and email_id = $2
  returning email_id
),
named as (
  update emails set name = $7 where tenant_id = $1 and id = $2 and name is distinct from $7
),
line as (
  update lines set next_at = coalesce($9::timestamptz, case when next_at > clock_now() and waits_for is not null then clock_now() else next_at end)
  where line = $2::uuid::text and tenant_id = $1
  returning line
)
select email_id, (select pg_notify('mailtide_due', '') from line) as notified from campaign
