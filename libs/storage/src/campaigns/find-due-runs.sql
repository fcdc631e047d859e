-- Campaigns of all tenants that repeat and have a run due, longest due first. No row: there is none.
select tenant_id, email_id from due_runs_of_all()
