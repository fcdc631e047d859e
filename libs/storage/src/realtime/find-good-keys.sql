-- Which of a tenant's keys are good now. A row that is missing: revoked, expired or deleted.
select k.id from api_keys k
where k.tenant_id = $1 and k.id = any ($2::uuid[]) and k.revoked_at is null and (k.expires_at is null or k.expires_at > clock_now())
