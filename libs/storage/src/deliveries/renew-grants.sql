-- Keeps claims alive that a sender works on. A row that is missing was cancelled, edited or reclaimed: stop its conversation.
update deliveries d set grant_until = clock_now() + $4::float8 * interval '1 second'
from unnest($1::uuid[], $2::uuid[], $3::int[]) as held (tenant_id, id, epoch)
where d.tenant_id = held.tenant_id and d.id = held.id and d.epoch = held.epoch and d.status = 'queued' and d.grant_until > clock_now()
returning d.id
