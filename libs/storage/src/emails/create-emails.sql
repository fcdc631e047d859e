-- Stores emails with their copies, their due rows, their events and, where their request had a key, its answer. A row that is missing
-- was a repeat: its key had been used before, and nothing of it was stored.
-- A due time that is not given is now, by this database.
with clock as materialized (select clock_now() as now),
keyed as (
  insert into idempotency_keys (tenant_id, mode, route, key, fingerprint, email_id, status, headers, body, created_at)
  select k.tenant_id, k.mode, k.route, k.key, k.fingerprint, k.email_id, k.status, k.headers::json,
    replace(k.body, k.clock_token, iso_instant(clock.now)), clock.now
  from clock, unnest($42::uuid[], $43::text[], $44::text[], $45::text[], $46::bytea[], $47::uuid[], $48::int[], $49::text[], $50::text[], $51::text[])
    as k (tenant_id, mode, route, key, fingerprint, email_id, status, headers, body, clock_token)
  on conflict do nothing
  returning email_id, body
),
made as (
  insert into emails (tenant_id, id, kind, class, mode, visibility, from_mailbox, to_mailboxes, cc_mailboxes, bcc_mailboxes,
    reply_to, subject, text_body, html_body, scheduled_at, grace_seconds, retry_for_seconds, on_unknown, owner_id, total, created_at, updated_at,
    headers, attachments, tags, correlation_key, expires_at, on_missed, job_id, wish, windows, render, data)
  select e.tenant_id, e.id, 'single', e.class, e.mode, e.visibility, e.from_mailbox, e.to_mailboxes::json, e.cc_mailboxes::json,
    e.bcc_mailboxes::json, e.reply_to::json, e.subject, e.text_body, e.html_body, coalesce(e.scheduled_at, clock.now),
    e.grace_seconds, e.retry_for_seconds, e.on_unknown, e.owner_id, e.total, clock.now, clock.now,
    e.headers::json, e.attachments::json, e.tags::jsonb, e.correlation_key, e.expires_at, e.on_missed, e.job_id,
    e.wish::json, e.windows::json, case when e.data is null then 'none' else 'liquid' end, e.data::json
  from clock, unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
      $10::text[], $11::text[], $12::text[], $13::text[], $14::timestamptz[], $15::int[], $16::int[], $17::text[], $18::text[], $19::int[], $41::boolean[],
      $53::text[], $54::text[], $55::text[], $56::text[], $57::timestamptz[], $58::text[], $59::uuid[], $66::text[], $67::text[], $68::text[])
    as e (tenant_id, id, class, mode, visibility, from_mailbox, to_mailboxes, cc_mailboxes, bcc_mailboxes,
      reply_to, subject, text_body, html_body, scheduled_at, grace_seconds, retry_for_seconds, on_unknown, owner_id, total, has_key,
      headers, attachments, tags, correlation_key, expires_at, on_missed, job_id, wish, windows, data)
  where not e.has_key or e.id in (select email_id from keyed)
  returning tenant_id, id, mode, scheduled_at, created_at, grace_seconds, expires_at, tags
),
-- The bytes of all attachments come in one piece, $65: text would be twice as long.
attached as (
  insert into email_attachments (tenant_id, email_id, position, content)
  select made.tenant_id, made.id, a.position, substring($65::bytea from a.start for a.size)
  from unnest($60::uuid[], $61::uuid[], $62::smallint[], $63::int[], $64::int[]) as a (tenant_id, email_id, position, start, size)
  join made on made.tenant_id = a.tenant_id and made.id = a.email_id
),
tagged as (
  insert into email_tags (tenant_id, mode, name, value, email_id)
  select made.tenant_id, made.mode, tag.key, tag.value, made.id from made, jsonb_each_text(made.tags) tag where made.tags <> '{}'
),
expiring_too as (
  insert into expiring (expires_at, tenant_id, email_id) select expires_at, tenant_id, id from made where expires_at is not null
),
copies as (
  select c.tenant_id, c.id, c.email_id, c.lane, c.mode, c.role, c.mailbox, c.address, c.recipient_key,
    coalesce(c.due_at, clock.now) as due_at, clock.now, made.grace_seconds, made.expires_at,
    case when c.due_at > made.scheduled_at then 'window' end as reason -- what it waits for, for explanations
  from clock, unnest($20::uuid[], $21::uuid[], $22::uuid[], $23::text[], $24::text[], $25::text[], $26::text[], $27::text[], $28::text[], $29::timestamptz[])
    as c (tenant_id, id, email_id, lane, mode, role, mailbox, address, recipient_key, due_at)
  join made on made.tenant_id = c.tenant_id and made.id = c.email_id
),
delivered as (
  insert into deliveries (tenant_id, id, email_id, lane, line, mode, role, mailbox, address, recipient_key, due_at, eligible_at, created_at, grace_seconds, expires_at, reason)
  select tenant_id, id, email_id, lane, lane, mode, role, mailbox, address, recipient_key, due_at, due_at, now, grace_seconds, expires_at, reason from copies
),
queued as (
  insert into due (line, due_at, id, tenant_id, mode) select lane, due_at, id, tenant_id, mode from copies
),
told as (
  insert into outbox (event_id, tenant_id, mode, topic, key, type, event_version, source, actor, email_id, delivery_id, version, data, at, traceparent)
  select o.event_id, o.tenant_id, o.mode, o.topic, o.key, o.type, o.event_version, o.source, o.actor, o.email_id, null, 1,
    (o.data::jsonb || jsonb_build_object('at', iso_instant(clock.now), 'scheduledAt', iso_instant(made.scheduled_at)))::json, clock.now, o.traceparent
  from clock, unnest($30::uuid[], $31::uuid[], $32::text[], $33::text[], $34::text[], $35::text[], $36::int[], $37::text[], $38::text[], $39::uuid[], $40::text[], $52::text[])
    as o (event_id, tenant_id, mode, topic, key, type, event_version, source, actor, email_id, data, traceparent), made
  where made.tenant_id = o.tenant_id and made.id = o.email_id
)
select made.id, extract(epoch from made.scheduled_at)::float8 * 1000 as scheduled_ms,
  extract(epoch from made.created_at)::float8 * 1000 as created_ms,
  extract(epoch from clock.now)::float8 * 1000 as now_ms,
  (select pg_notify('mailtide_due', '') from copies where copies.due_at < copies.now + interval '1 second' limit 1) as notified,
  keyed.body
from clock, made left join keyed on keyed.email_id = made.id
