-- Takes back what was claimed and whose grant ran out unarmed; drops claims of which nothing is left. No row: nothing was lost.
-- $1 claims at most. A delivery lost for the third time waits a minute, then two, then four ... at most an hour: it may be what kills
-- its senders. A claim that no sender was there to take counts for nothing.
with over as materialized (
  select id, tenants, deliveries, epochs from claims where grant_until < clock_statement() - interval '1 second'
  order by grant_until limit $1 for update skip locked
),
member as materialized (
  select over.id as claim_id, m.tenant_id, m.delivery_id, m.epoch
  from over, unnest(over.tenants, over.deliveries, over.epochs) as m (tenant_id, delivery_id, epoch)
),
live as materialized (
  select member.claim_id, max(case when d.status = 'sending' then clock_statement() + interval '4 seconds' else d.grant_until end) as until
  from member join deliveries d on d.tenant_id = member.tenant_id and d.id = member.delivery_id and d.epoch = member.epoch
  where d.status = 'sending' or (d.status = 'queued' and d.grant_until >= clock_statement() - interval '1 second')
  group by member.claim_id
),
sender as materialized (
  select max(beat_at) as beat_at from processes where app = 'sender' and ended_at is null
),
back as (
  update deliveries d set status = 'scheduled', epoch = d.epoch + 1,
    lost_claims = d.lost_claims + case when sender.beat_at > d.claimed_at then 1 else 0 end,
    due_at = greatest(d.due_at, case when d.lost_claims < 2 then d.due_at
      else clock_statement() + least(60 * 2 ^ (d.lost_claims - 2), 3600) * interval '1 second' end)
  from member, sender
  where d.tenant_id = member.tenant_id and d.id = member.delivery_id and d.epoch = member.epoch
    and d.status = 'queued' and d.grant_until < clock_statement() - interval '1 second'
  returning d.tenant_id, d.id, d.lane, d.due_at, d.lost_claims
),
requeued as (
  insert into due (lane, due_at, id, tenant_id) select lane, due_at, id, tenant_id from back
),
kept as (
  update claims c set grant_until = live.until from live where c.id = live.claim_id
),
gone as (
  delete from claims c using over where c.id = over.id and not exists (select from live where live.claim_id = over.id)
)
select tenant_id, id, lane, lost_claims from back
