-- The zones of the recipients of a campaign who have no copy yet, '' where none is known, and how many there are. No row: all have one.
select coalesce(r.time_zone, '') as zone, count(*)::int as count
from campaigns c join campaign_recipients r on r.tenant_id = c.tenant_id and r.email_id = c.email_id
where c.tenant_id = $1 and c.email_id = $2 and r.place > c.position and r.place <= c.last_place
group by 1
