-- Ends the grants of what senders had begun to work on that are proven dead: the next reclaim takes it back, instead of waiting until
-- they run out. What is armed stays as it is (find-ambiguous.sql), and so does what a living sender has begun since: an order is read
-- again where its offset was not committed. Like the reclaim this waits for nobody: the grant of what somebody is changing runs out by
-- itself. Harmless should a sender live after all: its claims are refused by their epoch.
-- $1 all senders that are proven dead. The one row says how many deliveries that were.
with begun as materialized (
  select m.id, m.epoch from takes t cross join unnest(t.deliveries, t.epochs) as m (id, epoch) where t.taken_by = any ($1::uuid[])
  except
  select m.id, m.epoch from takes t cross join unnest(t.deliveries, t.epochs) as m (id, epoch) where t.taken_by <> all ($1::uuid[])
),
member as materialized (
  select c.id as claim_id, m.tenant_id, m.delivery_id, m.epoch
  from claims c cross join unnest(c.tenants, c.deliveries, c.epochs) as m (tenant_id, delivery_id, epoch)
  -- A hashed list ("is true" keeps it from becoming a join): two lists of n in memory cost n x n.
  where ((m.delivery_id, m.epoch) in (select id, epoch from begun)) is true
),
held as materialized (
  select member.claim_id, found.ctid from member cross join lateral (
    select d.ctid from deliveries d
    where d.tenant_id = member.tenant_id and d.id = member.delivery_id and d.epoch = member.epoch
      and d.status = 'queued' and d.grant_until > clock_statement()
    limit 1 for no key update skip locked) found
),
forfeited as (
  update deliveries set grant_until = clock_statement() - interval '2 seconds' where ctid = any (array(select ctid from held))
  returning id
),
over as materialized (
  select id from claims where id = any (array(select claim_id from held)) for update skip locked
),
looked_at as (
  update claims c set grant_until = clock_statement() - interval '2 seconds' from over where c.id = over.id
)
select count(*)::int as forfeited from forfeited
