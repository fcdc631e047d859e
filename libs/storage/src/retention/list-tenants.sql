-- Every tenant there is. No row: none yet.
select id from tenants order by id
