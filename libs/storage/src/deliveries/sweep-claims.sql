-- How many deliveries of a lane are still queued; forgets claims of which nothing is queued or being sent.
with member as materialized (
  select c.id as claim_id, d.status from claims c, unnest(c.tenants, c.deliveries, c.epochs) as m (tenant_id, delivery_id, epoch)
  join deliveries d on d.tenant_id = m.tenant_id and d.id = m.delivery_id and d.epoch = m.epoch
  where c.lane = $1 and d.status in ('queued', 'sending')
),
gone as (
  delete from claims c where c.lane = $1 and c.grant_until < clock_statement() + interval '15 seconds'
    and not exists (select from member where member.claim_id = c.id)
)
select count(*)::int as queued from member where status = 'queued'
