-- Whether there is a campaign for a tenant and mode. No row: there is none.
select id from emails where tenant_id = $1 and mode = $2 and id = $3 and kind = 'campaign'
