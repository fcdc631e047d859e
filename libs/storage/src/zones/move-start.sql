-- Moves the start of a campaign that the caller holds, and its line. Copies that are made already get it from the loop that makes them. Always one row.
-- $1 tenant  $2 campaign  $3 its start  $4 copies that are made move with it
with campaign as (
  update campaigns set moving = moving or $4::boolean, position = case when $4::boolean then 0 else position end,
    expanding = expanding or $4::boolean and last_place > 0
  where tenant_id = $1 and email_id = $2
  returning email_id
),
line as (
  update lines set next_at = $3::timestamptz where line = $2::uuid::text and tenant_id = $1
)
select email_id from campaign
