-- Calls the second sending of ambiguous copies off that the caller holds locked. Every id given comes back.
update deliveries set status = 'unknown', version = version + 1, reason = 'ambiguous', hold_until = null, finished_at = clock_now()
where tenant_id = $1 and id = any ($2::uuid[]) and status = 'sending' and hold_until is not null
returning id, epoch, version
