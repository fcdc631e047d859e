-- A tenant by its name, made if it is missing. No row: another process made it at the same moment; ask again.
select ensure_tenant($1::uuid, $2::text) as id
