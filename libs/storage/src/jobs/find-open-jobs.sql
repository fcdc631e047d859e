-- The jobs to look after, of all tenants. No row: all are finished.
select id, tenant_id, has_rows from open_jobs_of_all()
