-- What became of the messages of a tenant, of one email or of one job. Always one row. A copy that was kept without a reply is a copy.
-- $1 tenant  $2 email  $3 job
with kept as (
  select count(*) filter (where m.verdict = 'accepted') as accepted, count(*) filter (where m.verdict = 'dropped') as dropped,
    count(m.delivery_id) as copies, count(distinct m.delivery_id) as deliveries
  from sandbox_messages m where m.tenant_id = $1 and ($2::uuid is null or m.email_id = $2)
    and ($3::uuid is null or m.email_id in (select e.id from emails e where e.tenant_id = $1 and e.job_id = $3))
),
lost as (
  select count(*) filter (where r.verdict = 'refused') as refused, count(*) filter (where r.verdict = 'dropped') as dropped
  from sandbox_refusals r where r.tenant_id = $1 and ($2::uuid is null or r.email_id = $2)
    and ($3::uuid is null or r.email_id in (select e.id from emails e where e.tenant_id = $1 and e.job_id = $3))
)
select kept.accepted::int, lost.refused::int, (kept.dropped + lost.dropped)::int as dropped, kept.deliveries::int as distinct_deliveries,
  (kept.copies - kept.deliveries)::int as duplicates
from kept, lost
