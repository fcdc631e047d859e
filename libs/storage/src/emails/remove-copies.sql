-- Removes copies of recipients that an edit took out, locked and unqueued by the caller; nothing of them was ever armed.
delete from deliveries where tenant_id = $1 and id = any ($2::uuid[]) and status in ('scheduled', 'queued')
