-- Cancels copies that the caller holds locked and has unqueued. Every id given comes back.
update deliveries set status = 'cancelled', epoch = epoch + 1, version = version + 1, reason = $3, finished_at = clock_now()
where tenant_id = $1 and id = any ($2::uuid[]) and status in ('scheduled', 'queued')
returning id, epoch, version
