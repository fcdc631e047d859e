-- Emails, locked in the order of all statements, before their copies: an edit may be adding some.
-- A row that is missing: no such single email for this tenant and mode. Those with an audience may have a million copies.
select id, kind, status, version, owner_id, job_id, scheduled_at, tombstone_at, cancel_open, class, wish, windows from emails
where tenant_id = $1 and id = any ($2::uuid[]) and mode = $3 and kind = 'single' order by id for no key update
