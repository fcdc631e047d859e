-- Gives the next recipients of a campaign that repeats to a run of it, which the caller holds. No row comes back.
-- $1 tenant  $2 run  $3 what repeats  $4 behind this place  $5 up to this one
insert into campaign_recipients (tenant_id, email_id, recipient_key, place, mailbox, address, name, time_zone, data)
select tenant_id, $2::uuid, recipient_key, place, mailbox, address, name, time_zone, data from campaign_recipients
where tenant_id = $1 and email_id = $3 and place > $4 and place <= $5
on conflict do nothing
