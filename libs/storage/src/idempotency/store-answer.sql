-- Stores the answer of a request under its key, in the transaction that did what it answers.
insert into idempotency_keys (tenant_id, mode, route, key, fingerprint, email_id, job_id, status, headers, body, created_at)
values ($1, $2, $3, $4, $5::bytea, $6, $7, $8, $9::json, $10, clock_now())
