-- Where the copies of an email with an audience stand. Always one row.
select coalesce(sum(scheduled), 0)::int as scheduled, coalesce(sum(queued), 0)::int as queued, coalesce(sum(sending), 0)::int as sending,
  coalesce(sum(sent), 0)::int as sent, coalesce(sum(failed), 0)::int as failed, coalesce(sum(unknown), 0)::int as unknown,
  coalesce(sum(cancelled), 0)::int as cancelled, coalesce(sum(expired), 0)::int as expired, coalesce(sum(suppressed), 0)::int as suppressed
from email_counters where tenant_id = $1 and email_id = $2
