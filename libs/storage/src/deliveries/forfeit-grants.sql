-- Ends the grants of what senders had begun to work on that are proven dead: the next reclaim takes it back, instead of waiting until
-- they run out. What is armed stays as it is (find-ambiguous.sql). Like the reclaim it waits for no delivery that somebody is changing:
-- the grant of that one runs out by itself. Harmless should a sender live after all: its claims are refused by their epoch.
-- $1 senders. The one row says how many deliveries that were.
with begun as materialized (
  select m.id, m.epoch from takes t cross join unnest(t.deliveries, t.epochs) as m (id, epoch) where t.taken_by = any ($1::uuid[])
),
member as materialized (
  select c.id as claim_id, m.tenant_id, m.delivery_id, m.epoch
  from claims c cross join unnest(c.tenants, c.deliveries, c.epochs) as m (tenant_id, delivery_id, epoch)
  where (m.delivery_id, m.epoch) in (select id, epoch from begun)
),
held as materialized (
  select member.claim_id, found.tenant_id, found.id, found.epoch from member cross join lateral (
    select d.tenant_id, d.id, d.epoch from deliveries d
    where d.tenant_id = member.tenant_id and d.id = member.delivery_id and d.epoch = member.epoch
      and d.status = 'queued' and d.grant_until > clock_statement()
    limit 1 for no key update skip locked) found
),
forfeited as (
  update deliveries d set grant_until = clock_statement() - interval '2 seconds' from held
  where d.tenant_id = held.tenant_id and d.id = held.id and d.epoch = held.epoch and d.status = 'queued'
  returning d.id
),
looked_at as (
  update claims c set grant_until = clock_statement() - interval '2 seconds'
  from (select distinct claim_id from held) over where c.id = over.claim_id
)
select count(*)::int as forfeited from forfeited
