-- Tenants whose wishes are to be looked at anew. No row: there are none. $1 at most
select tenant_id from zone_walks where starts_at <= clock_now() order by starts_at limit $1
