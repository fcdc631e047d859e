-- Ends ambiguous copies that the caller holds locked and has unqueued: on hold, or waiting to be sent once more. They may have
-- arrived, so they end as `unknown` and never as cancelled. Every id given comes back.
update deliveries set status = 'unknown', epoch = epoch + case when status = 'sending' then 0 else 1 end, version = version + 1,
  reason = 'ambiguous', hold_until = null, finished_at = clock_now()
where tenant_id = $1 and id = any ($2::uuid[])
  and ((status = 'sending' and hold_until is not null) or (status in ('scheduled', 'queued') and resends > 0))
returning id, epoch, version
