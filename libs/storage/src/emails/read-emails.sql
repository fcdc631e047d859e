-- Emails with their copies. A row that is missing does not exist for this tenant and mode.
select e.id, e.kind, e.class, e.mode, e.visibility, e.status, e.from_mailbox, e.to_mailboxes, e.cc_mailboxes, e.bcc_mailboxes, e.reply_to,
  e.subject, case when $4::boolean then e.text_body end as text_body, case when $4::boolean then e.html_body end as html_body,
  e.headers, e.attachments, e.scheduled_at, e.expires_at, e.grace_seconds, e.on_missed, e.retry_for_seconds, e.on_unknown,
  e.owner_id, e.tags, e.correlation_key, e.job_id, e.total, e.content_version, e.version, e.tombstone_at, e.cancel_open, e.created_at, e.updated_at,
  copies.list as copies
from unnest($3::uuid[]) as asked (id)
join emails e on e.tenant_id = $1 and e.id = asked.id and e.mode = $2
cross join lateral (
  select coalesce(json_agg(json_build_object('id', d.id, 'mailbox', d.mailbox, 'role', d.role, 'status', d.status, 'held', d.hold_until is not null,
    'at', iso_instant(coalesce(d.finished_at, d.armed_at, d.claimed_at, d.created_at))) order by d.id), '[]') as list
  from deliveries d where d.tenant_id = e.tenant_id and d.email_id = e.id
) copies
