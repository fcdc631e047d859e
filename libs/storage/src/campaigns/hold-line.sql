-- Holds the line of a campaign back or lets it go on, and waits for the claim under way: nobody missed it meanwhile. A row that is missing:
-- it has no line yet.
-- $1 tenant  $2 campaign  $3 held back
with line as (
  update lines set paused = $3, next_at = case when $3 then next_at else greatest(next_at, clock_now()) end where line = $2::uuid::text and tenant_id = $1 returning line
)
select line, case when not $3 then pg_notify('mailtide_due', '') end as notified from line
