-- Gives claimed deliveries back until their provider may be well again, their limit gives, their windows open or there is time to render
-- them. A row that is missing had moved on. A provider that is away uses up the time for attempts; whose turn has not come has all of it,
-- if it was never tried.
with back as (
  update deliveries d set status = 'scheduled', due_at = clock_now() + held.delay_ms * interval '1 millisecond', reason = held.reason,
    first_claimed_at = case when held.reason = 'provider_down' or d.attempt > 0 then d.first_claimed_at end
  from unnest($1::uuid[], $2::uuid[], $3::int[], $4::float8[], $5::text[]) as held (tenant_id, id, epoch, delay_ms, reason)
  where d.tenant_id = held.tenant_id and d.id = held.id and d.epoch = held.epoch and d.status = 'queued'
  returning d.tenant_id, d.id, d.line, d.mode, d.due_at, d.paused
),
requeued as (
  insert into due (line, due_at, id, tenant_id, mode) select line, due_at, id, tenant_id, mode from back where not paused -- else the resume does
)
select id from back
