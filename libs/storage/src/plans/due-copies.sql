-- When the copies of a campaign that wait are due, in order. No row: none waits. $1 tenant  $2 line
select extract(epoch from due_at)::float8 * 1000 as due_ms, count(*)::int as count from due
where line = $2 and tenant_id = $1 group by due_at order by due_at
