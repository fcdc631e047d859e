-- Gives claimed deliveries back that were not begun. A row that is missing had already moved on.
with back as (
  update deliveries d set status = 'scheduled'
  from unnest($1::uuid[], $2::uuid[], $3::int[]) as held (tenant_id, id, epoch)
  where d.tenant_id = held.tenant_id and d.id = held.id and d.epoch = held.epoch and d.status = 'queued'
  returning d.tenant_id, d.id, d.line, d.mode, d.due_at
),
requeued as (
  insert into due (line, due_at, id, tenant_id, mode) select line, due_at, id, tenant_id, mode from back
)
select id from back
