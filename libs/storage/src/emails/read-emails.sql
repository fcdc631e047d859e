-- Emails with their copies, or with where those of an audience stand. A row that is missing does not exist for this tenant and mode.
select e.id, e.kind, e.class, e.mode, e.visibility, e.status, e.from_mailbox, e.to_mailboxes, e.cc_mailboxes, e.bcc_mailboxes, e.reply_to,
  e.subject, case when $4::boolean then e.text_body end as text_body, case when $4::boolean then e.html_body end as html_body,
  e.render, case when $4::boolean then e.data end as data, e.headers, e.attachments, e.scheduled_at, e.wish, e.windows, e.expires_at, e.grace_seconds, e.on_missed, e.retry_for_seconds, e.on_unknown,
  e.owner_id, e.tags, e.correlation_key, e.job_id, e.total, e.content_version, e.version, e.tombstone_at, e.cancel_open, e.created_at, e.updated_at,
  copies.list as copies, its.audience
from unnest($3::uuid[]) as asked (id)
join emails e on e.tenant_id = $1 and e.id = asked.id and e.mode = $2
cross join lateral (
  select coalesce(json_agg(json_build_object('id', d.id, 'mailbox', d.mailbox, 'role', d.role, 'status', d.status, 'held', d.hold_until is not null,
    'at', iso_instant(coalesce(d.finished_at, d.armed_at, d.claimed_at, d.created_at))) order by d.id), '[]') as list
  from deliveries d where e.kind = 'single' and d.tenant_id = e.tenant_id and d.email_id = e.id
) copies
-- An email with an audience may have a million copies: they are counted where they move.
cross join lateral (
  select case when e.kind <> 'single' then json_build_object(
    'expanding', (select c.expanding from campaigns c where c.tenant_id = e.tenant_id and c.email_id = e.id),
    'isRepeating', (select c.next_run_at is not null from campaigns c where c.tenant_id = e.tenant_id and c.email_id = e.id),
    'isAhead', e.scheduled_at > clock_now(),
    'counts', json_build_object('scheduled', coalesce(sum(c.scheduled), 0), 'queued', coalesce(sum(c.queued), 0),
      'sending', coalesce(sum(c.sending), 0), 'sent', coalesce(sum(c.sent), 0), 'failed', coalesce(sum(c.failed), 0),
      'unknown', coalesce(sum(c.unknown), 0), 'cancelled', coalesce(sum(c.cancelled), 0), 'expired', coalesce(sum(c.expired), 0),
      'suppressed', coalesce(sum(c.suppressed), 0))) end as audience
  from email_counters c where e.kind <> 'single' and c.tenant_id = e.tenant_id and c.email_id = e.id
) its
