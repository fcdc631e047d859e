-- The bytes of an email's attachments, in their order; one row with null where it has none. No row: its content is another one by now.
select a.content from emails e
left join email_attachments a on a.tenant_id = e.tenant_id and a.email_id = e.id
where e.tenant_id = $1 and e.id = $2 and e.content_version = $3
order by a.position
