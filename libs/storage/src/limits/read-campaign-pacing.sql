-- The pacing of a campaign, as far as it is a limit. No row: no such campaign of this tenant and mode.
select c.hourly_limit, c.delay_seconds from campaigns c join emails e on e.tenant_id = c.tenant_id and e.id = c.email_id
where c.tenant_id = $1 and e.mode = $2 and c.email_id = $3 and e.kind = 'campaign'
