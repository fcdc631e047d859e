-- Lets messages be accepted whose bodies are on the wire. No row back: no dot.
-- The asks come sorted by (tenant, id), so two senders lock in one order.
update deliveries d set status = 'sending', attempt = d.attempt + 1, armed_at = clock_now(), armed_by = $5::uuid, provider_id = ask.provider_id
from unnest($1::uuid[], $2::uuid[], $3::int[], $4::int[], $6::uuid[]) as ask (tenant_id, id, epoch, content_version, provider_id)
where d.tenant_id = ask.tenant_id and d.id = ask.id and d.epoch = ask.epoch and d.status = 'queued'
  and d.due_at <= clock_now() and d.grant_until > clock_now() and (d.expires_at is null or d.expires_at > clock_now())
  -- One by one (offset): joined, an email that is the only one leads to a million copies.
  and exists (
    select from emails e
    where e.tenant_id = d.tenant_id and e.id = d.email_id
      and e.tombstone_at is null and e.status not in ('paused', 'cancelled') and e.content_version = ask.content_version
    offset 0)
  and not exists (
    select from suppressions s
    where s.tenant_id = d.tenant_id and s.mode = d.mode and s.recipient_key = d.recipient_key and s.lifted_at is null
      and (s.scope = 'all' or d.lane = 'bulk'))
  -- What this statement knows of suppressions and emails is as old as itself: a row that it had to wait for comes too late.
  and clock_timestamp() < statement_timestamp() + interval '1500 milliseconds'
returning d.id, d.epoch, d.attempt
