-- Begins to open copies of a campaign or load test again, by the loop that does: the job runs from now on. What it was doing of that kind
-- begins again, for both. No row: it was cancelled, or is a draft. $1 tenant  $2 job  $3 statuses  $4 who asked
with begun as (
  update jobs j set status = 'running', finished_at = null, version = version + 1, active_at = clock_now(), position = null,
    retrying = json_build_object('actor', $4::text, 'statuses', (
      select json_agg(distinct status) from (
        select unnest($3::text[]) as status union select json_array_elements_text(j.retrying -> 'statuses')) both_of))
  where tenant_id = $1 and id = $2 and status <> 'draft' and cancelled_at is null
  returning tenant_id, id
),
opened as (
  insert into open_jobs (job_id, tenant_id, has_rows) select id, tenant_id, false from begun on conflict do nothing
)
select id from begun
