-- Campaigns and load tests of all tenants whose recipients are being made into copies, oldest first. No row: there is none.
select tenant_id, email_id from expanding_of_all()
