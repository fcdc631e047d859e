-- The jobs, of all tenants, whose copies are being opened again, oldest first. No row: there is none.
select tenant_id, id from retrying_of_all()
