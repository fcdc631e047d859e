-- Keeps claims alive that a sender works on. A row that is missing was cancelled, edited or reclaimed: stop its conversation.
-- What is charged to limits is dated anew with it, so that it counts as late as it may be sent.
update deliveries d set grant_until = clock_now() + $4::float8 * interval '1 second',
  charged_at = case when d.charged is not null then clock_now() end
from unnest($1::uuid[], $2::uuid[], $3::int[]) as held (tenant_id, id, epoch)
where d.tenant_id = held.tenant_id and d.id = held.id and d.epoch = held.epoch and d.status = 'queued' and d.grant_until > clock_now()
returning d.id
