-- How many deliveries of a lane are still queued; forgets claims of which nothing is queued or being sent.
-- Deliveries are looked up one by one (lateral): left to itself the planner walks all of them when claims look few.
with member as materialized (
  select c.id as claim_id, d.status
  from claims c cross join unnest(c.tenants, c.deliveries, c.epochs) as m (tenant_id, delivery_id, epoch)
  cross join lateral (
    select d.status from deliveries d
    where d.tenant_id = m.tenant_id and d.id = m.delivery_id and d.epoch = m.epoch and d.status in ('queued', 'sending')
    limit 1) d
  where c.lane = $1
),
over as materialized (
  select c.id from claims c where c.lane = $1 and c.grant_until < clock_statement() + interval '15 seconds'
    and c.id not in (select claim_id from member)
  for update skip locked
),
gone as (
  delete from claims where id in (select id from over)
)
select count(*)::int as queued from member where status = 'queued'
