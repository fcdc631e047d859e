-- How many of those that a campaign has still to send to are suppressed. Always one row.
-- $1 tenant  $2 campaign  $3 mode  $4 zones of recipients without a copy who are sent nothing anyway
with stopped as (
  select distinct recipient_key from suppressions where tenant_id = $1 and mode = $3 and lifted_at is null
)
select (
  select count(*) from stopped join deliveries d on d.tenant_id = $1 and d.email_id = $2 and d.recipient_key = stopped.recipient_key
  where d.counted and d.status = 'scheduled'
)::int + (
  select count(*) from stopped join campaigns c on c.tenant_id = $1 and c.email_id = $2
  join campaign_recipients r on r.tenant_id = $1 and r.email_id = $2 and r.recipient_key = stopped.recipient_key
  where r.place > c.position and r.place <= c.last_place and coalesce(r.time_zone, '') <> all ($4::text[])
)::int as count
