-- Emails, locked in the order of all statements, before their copies: an edit may be adding some.
-- A row that is missing: no such email for this tenant and mode.
select id, kind, status, version, owner_id, job_id, scheduled_at, tombstone_at, cancel_open from emails
where tenant_id = $1 and id = any ($2::uuid[]) and mode = $3 order by id for no key update
