-- Holds all copies of paused emails back that the caller holds locked and has unqueued. What was claimed waits again; it and what
-- waited are under a new epoch, so a claim or a work order of the old one is worth nothing. Every id given comes back.
-- Copies in flight and ended ones are only marked, so that they wait, too, when something brings them back.
update deliveries set paused = true,
  status = case when status = 'queued' then 'scheduled' else status end,
  epoch = epoch + case when status in ('scheduled', 'queued') then 1 else 0 end,
  version = version + case when status = 'queued' then 1 else 0 end, -- only what moved is told
  claimed_at = case when status = 'queued' then null else claimed_at end,
  grant_until = case when status = 'queued' then null else grant_until end
where tenant_id = $1 and id = any ($2::uuid[])
returning id, epoch, version, due_at
