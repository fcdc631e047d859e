-- An email, locked before its copies: an edit may be adding some. No row: no such email for this tenant and mode.
select from emails where tenant_id = $1 and id = $2 and mode = $3 for no key update
