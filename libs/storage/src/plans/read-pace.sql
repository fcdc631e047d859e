-- How far the pace of a campaign is. No row: nobody has sent of it. $1 tenant  $2 line
select extract(epoch from paced_at)::float8 * 1000 as paced_ms from lines where tenant_id = $1 and line = $2
