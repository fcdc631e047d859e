-- The owners of emails. No row: the email has none, or does not exist.
select e.id, e.owner_id from emails e
where e.owner_id is not null and (e.tenant_id, e.id) in (select * from unnest($1::uuid[], $2::uuid[]))
