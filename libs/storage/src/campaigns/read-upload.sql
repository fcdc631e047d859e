-- The upload to a campaign that is under way. No row: there is none.
select upload_id from campaigns where tenant_id = $1 and email_id = $2 and upload_id is not null
