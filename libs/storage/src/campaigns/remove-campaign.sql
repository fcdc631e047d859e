-- Removes a draft that the caller holds, and all that was stored for it. Always one row.
with recipients as (
  delete from campaign_recipients where tenant_id = $1 and email_id = $2
),
rejections as (
  delete from campaign_rejections where tenant_id = $1 and email_id = $2
),
tags as (
  delete from email_tags where tenant_id = $1 and email_id = $2
),
attachments as (
  delete from email_attachments where tenant_id = $1 and email_id = $2
),
expiry as (
  delete from expiring x using emails e
  where e.tenant_id = $1 and e.id = $2 and x.expires_at = e.expires_at and x.tenant_id = $1 and x.email_id = $2
),
own_limit as (
  delete from limits where tenant_id = $1 and scope = 'campaign:' || $2::uuid::text
),
campaign as (
  delete from campaigns where tenant_id = $1 and email_id = $2
),
job as (
  delete from jobs where tenant_id = $1 and id = $2
)
delete from emails where tenant_id = $1 and id = $2 returning id
