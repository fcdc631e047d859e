-- Takes back what was claimed and whose grant ran out unarmed; drops claims of which nothing is left. No row: nothing was lost.
-- $1 claims at most. From its third loss in a row a delivery waits a minute each time: it may be what kills its senders. Never longer,
-- because nobody knows: a claim counts as lost while some sender lived, also one whose order never got through Kafka, and mail is not to
-- wait for minutes after that. A claim that no sender was there to take counts for nothing. The count stops at 1000: it must fit its column.
-- A delivery that somebody is changing is left for the next pass: reclaiming never waits, so it can be part of no deadlock.
with over as materialized (
  select id, tenants, deliveries, epochs from claims where grant_until < clock_statement() - interval '1 second'
  order by grant_until limit $1 for update skip locked
),
member as materialized (
  select over.id as claim_id, m.tenant_id, m.delivery_id, m.epoch
  from over, unnest(over.tenants, over.deliveries, over.epochs) as m (tenant_id, delivery_id, epoch)
),
lost as materialized (
  select found.tenant_id, found.id from member cross join lateral (
    select d.tenant_id, d.id from deliveries d
    where d.tenant_id = member.tenant_id and d.id = member.delivery_id and d.epoch = member.epoch
      and d.status = 'queued' and d.grant_until < clock_statement() - interval '1 second'
    limit 1 for no key update skip locked) found
),
sender as materialized (
  select max(beat_at) as beat_at from processes where app = 'sender' and ended_at is null
),
back as (
  update deliveries d set status = 'scheduled', epoch = d.epoch + 1,
    lost_claims = least(d.lost_claims + case when sender.beat_at > d.claimed_at then 1 else 0 end, 1000),
    due_at = greatest(d.due_at, case when d.lost_claims < 2 then d.due_at
      else clock_statement() + interval '1 minute' end)
  from lost, sender
  where d.tenant_id = lost.tenant_id and d.id = lost.id and d.status = 'queued'
  returning d.tenant_id, d.id, d.lane, d.due_at, d.lost_claims
),
requeued as (
  insert into due (lane, due_at, id, tenant_id) select lane, due_at, id, tenant_id from back
),
-- Whatever did not go back keeps its claim, or nobody would find it after the next crash.
live as materialized (
  select member.claim_id, max(case when d.status = 'sending' then clock_statement() + interval '4 seconds'
    else greatest(d.grant_until, clock_statement() + interval '1 second') end) as until
  from member cross join lateral (
    select d.status, d.grant_until from deliveries d
    where d.tenant_id = member.tenant_id and d.id = member.delivery_id and d.epoch = member.epoch and d.status in ('queued', 'sending')
    limit 1) d
  where (member.tenant_id, member.delivery_id) not in (select tenant_id, id from lost)
  group by member.claim_id
),
kept as (
  update claims c set grant_until = live.until from live where c.id = live.claim_id
),
gone as (
  delete from claims c using over where c.id = over.id and not exists (select from live where live.claim_id = over.id)
)
select tenant_id, id, lane, lost_claims from back
