-- Writes an edited email whose copies the caller holds locked. Always one row: what it is now.
update emails set from_mailbox = $3, to_mailboxes = $4::json, cc_mailboxes = $5::json, bcc_mailboxes = $6::json, reply_to = $7::json,
  subject = $8, text_body = $9, html_body = $10, scheduled_at = coalesce($11, scheduled_at), visibility = $12, on_unknown = $13,
  retry_for_seconds = $14, owner_id = $15, total = $16, content_version = content_version + case when $17::boolean then 1 else 0 end,
  headers = $18::json, attachments = coalesce($19::json, attachments), tags = $20::jsonb, correlation_key = $21, expires_at = $22,
  grace_seconds = $23, on_missed = $24, wish = $25::json, windows = $26::json, render = $27, data = $28::json, version = version + 1, updated_at = clock_now()
where tenant_id = $1 and id = $2
returning version, scheduled_at
