-- Takes back what was claimed and whose grant ran out unarmed; drops claims of which nothing is left. No row: nothing was lost.
-- $1 claims at most. A loss counts only where a sender had begun to work (takes): an order that never got through Kafka is nobody's
-- fault. From its third loss in a row a delivery waits longer each time, as it may be what kills its senders, and each by another
-- time, so that the innocent part from it; at the tenth it ends. What may have arrived ends as `unknown`.
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
  select found.* from member cross join lateral (
    select d.tenant_id, d.id, d.epoch, d.claimed_at, d.resends from deliveries d
    where d.tenant_id = member.tenant_id and d.id = member.delivery_id and d.epoch = member.epoch
      and d.status = 'queued' and d.grant_until < clock_statement() - interval '1 second'
    limit 1 for no key update skip locked) found
),
judged as materialized (
  select lost.tenant_id, lost.id, lost.resends, (lost.id, lost.epoch) in (
    select m.id, m.epoch from takes t, unnest(t.deliveries, t.epochs) as m (id, epoch)
    where t.at >= (select min(claimed_at) from lost)) as counts
  from lost
),
back as (
  update deliveries d set
    status = case when not judged.counts or d.lost_claims < 9 then 'scheduled' when judged.resends > 0 then 'unknown' else 'failed' end,
    reason = case when not judged.counts or d.lost_claims < 9 then d.reason when judged.resends > 0 then 'ambiguous' else 'worker_lost' end,
    finished_at = case when judged.counts and d.lost_claims >= 9 then clock_now() end,
    version = d.version + case when judged.counts and d.lost_claims >= 9 then 1 else 0 end,
    epoch = d.epoch + 1, lost_claims = d.lost_claims + judged.counts::int,
    due_at = case when not judged.counts or d.lost_claims < 2 then d.due_at
      else greatest(d.due_at, clock_statement() + interval '1 minute' * 2 ^ (least(d.lost_claims, 9) - 2) * (0.75 + random() / 2)) end
  from judged
  where d.tenant_id = judged.tenant_id and d.id = judged.id and d.status = 'queued'
  returning d.*
),
requeued as (
  insert into due (line, due_at, id, tenant_id, mode) select line, due_at, id, tenant_id, mode from back where status = 'scheduled'
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
select back.tenant_id, back.id, back.lane, back.mode, back.status, back.lost_claims, back.email_id, back.epoch, back.version, back.reason,
  back.attempt, back.address, back.provider_id, back.possible_duplicate, e.owner_id, e.job_id, 'queued' as "from",
  greatest(0, extract(epoch from back.first_claimed_at - back.eligible_at)::float8 * 1000) as late_ms
from back cross join lateral (select e.owner_id, e.job_id from emails e where e.tenant_id = back.tenant_id and e.id = back.email_id limit 1) e
