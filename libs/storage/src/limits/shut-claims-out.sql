-- Waits for the claims under way that grant from the limits of a tenant, and lets none begin until the transaction ends: they pass the
-- tenant over. Always one row. $1 tenant; null: of all
select pg_advisory_xact_lock(limits_of(coalesce($1::uuid, '00000000-0000-0000-0000-000000000000')))::text as shut
