-- The next recipients of a campaign who have no copy yet, and are not suppressed, zone by zone. No row: there is none.
-- $1 tenant  $2 campaign  $3 mode  $4 at most  $5 zones in their order
select r.address, coalesce(r.time_zone, '') as zone
from campaigns c join campaign_recipients r on r.tenant_id = c.tenant_id and r.email_id = c.email_id
where c.tenant_id = $1 and c.email_id = $2 and r.place > c.position and r.place <= c.last_place
  and coalesce(r.time_zone, '') = any ($5::text[])
  and not exists (select from suppressions s where s.tenant_id = $1 and s.mode = $3 and s.recipient_key = r.recipient_key and s.lifted_at is null)
order by array_position($5::text[], coalesce(r.time_zone, '')), r.place limit $4
