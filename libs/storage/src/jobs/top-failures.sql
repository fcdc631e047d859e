-- Why copies of jobs ended badly, the most frequent first, at most $3 for each. A job that is missing has none.
select job.id as job_id, failures.* from unnest($2::uuid[]) as job (id)
cross join lateral (
  select coalesce(d.reason, d.status) as reason, nullif(concat_ws(' ', d.reply_code::text, d.reply_enhanced), '') as code, count(*)::int as count
  from (
    select array_agg(e.id order by e.id) as emails from emails e where e.tenant_id = $1 and e.job_id = job.id
  ) its
  cross join lateral (
    select * from deliveries own -- as in read-jobs.sql
    where own.tenant_id = $1 and own.email_id between its.emails[1] and its.emails[cardinality(its.emails)]
      and own.status in ('failed', 'unknown', 'expired') and own.email_id = any (its.emails)
    offset 0
  ) d
  group by coalesce(d.reason, d.status), d.reply_code, d.reply_enhanced
  order by count(*) desc, 1, 2 limit $3
) failures
