-- The jobs of deliveries, locked before their copies, as a change of a whole job does. No row: they came in no job.
-- $1 tenant  $2 mode  $3 deliveries
select j.id from jobs j
where j.tenant_id = $1 and j.id = any (array(
  select e.job_id from deliveries d join emails e on e.tenant_id = d.tenant_id and e.id = d.email_id
  where d.tenant_id = $1 and d.mode = $2 and d.id = any ($3::uuid[]) and e.job_id is not null))
order by j.id for no key update
