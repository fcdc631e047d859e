-- The zones of the next recipients of a campaign; '' where none is known. No row: there are no more recipients.
-- $1 tenant  $2 campaign  $3 behind this place  $4 up to this one
select distinct coalesce(time_zone, '') as zone from campaign_recipients
where tenant_id = $1 and email_id = $2 and place > $3 and place <= $4
