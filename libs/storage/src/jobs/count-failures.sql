-- Why copies of campaigns and load tests ended badly, by their counters, the most frequent first, at most $3 for each. A job that is missing
-- has none. $1 tenant  $2 jobs, each of the id of its email  $3 at most
select job.id as job_id, failures.* from unnest($2::uuid[]) as job (id)
cross join lateral (
  select f.reason, nullif(f.code, '') as code, sum(f.count)::int as count
  from email_failures f where f.tenant_id = $1 and f.email_id = job.id
  group by f.reason, f.code
  having sum(f.count) > 0
  order by sum(f.count) desc, f.reason, f.code limit $3
) failures
