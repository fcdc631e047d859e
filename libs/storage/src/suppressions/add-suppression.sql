-- Suppresses an address from now on. No row: there is one in force already.
insert into suppressions (tenant_id, id, mode, recipient_key, address, scope, source, reason)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (tenant_id, mode, recipient_key, scope) where lifted_at is null do nothing
returning id
