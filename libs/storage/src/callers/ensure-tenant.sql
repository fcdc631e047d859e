-- A tenant by its name, made if it is missing. No row: another process made it at the same moment; ask again.
with made as (
  insert into tenants (id, name) values ($1, $2) on conflict (name) do nothing returning id
)
select id from made union all select id from tenants where name = $2 limit 1
