-- Gives claimed deliveries back until their provider may be well again, or their limit gives. A row that is missing had moved on.
with back as (
  update deliveries d set status = 'scheduled', due_at = clock_now() + held.delay_ms * interval '1 millisecond', reason = $5::text
  from unnest($1::uuid[], $2::uuid[], $3::int[], $4::float8[]) as held (tenant_id, id, epoch, delay_ms)
  where d.tenant_id = held.tenant_id and d.id = held.id and d.epoch = held.epoch and d.status = 'queued'
  returning d.tenant_id, d.id, d.line, d.mode, d.due_at, d.paused
),
requeued as (
  insert into due (line, due_at, id, tenant_id, mode) select line, due_at, id, tenant_id, mode from back where not paused -- else the resume does
)
select id from back
