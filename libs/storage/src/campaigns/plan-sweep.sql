-- Has the waiting copies of a cancelled email ended. No row comes back. $3 the final email.cancelled was told
insert into sweeps (tenant_id, email_id, told) values ($1, $2, $3) on conflict do nothing
