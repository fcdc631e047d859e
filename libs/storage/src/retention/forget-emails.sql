-- Forgets emails of which nothing is left. Always one row: how many. $1 tenant  $2 emails
with gone as (
  delete from emails e where e.tenant_id = $1 and e.id = any ($2::uuid[])
    and not exists (select from deliveries d where d.tenant_id = e.tenant_id and d.email_id = e.id)
  returning tenant_id, mode, id, tags
),
unplanned as (
  delete from campaigns c using gone where c.tenant_id = gone.tenant_id and c.email_id = gone.id
),
unlined as (
  delete from lines l using gone where l.tenant_id = gone.tenant_id and l.line = gone.id::text
),
unlimited as (
  delete from limits l using gone where l.tenant_id = gone.tenant_id and l.scope = 'campaign:' || gone.id::text
),
uncounted as (
  delete from email_counters n using gone where n.tenant_id = gone.tenant_id and n.email_id = gone.id
),
unfailed as (
  delete from email_failures f using gone where f.tenant_id = gone.tenant_id and f.email_id = gone.id
),
untagged as (
  delete from email_tags t using gone, jsonb_each_text(gone.tags) tag
  where t.tenant_id = gone.tenant_id and t.mode = gone.mode and t.name = tag.key and t.value = tag.value and t.email_id = gone.id
)
select count(*)::int as gone from gone
