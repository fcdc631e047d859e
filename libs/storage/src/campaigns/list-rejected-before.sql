-- Rows that were left out of a campaign's recipients before one of them, backwards. No row: there are no more.
-- $1 tenant  $2 campaign  $3 before this place  $4 at most
select r.place, r.row, r.value, r.code from campaign_rejections r
join campaigns c on c.tenant_id = r.tenant_id and c.email_id = r.email_id
where r.tenant_id = $1 and r.email_id = $2 and r.place < $3 and r.place <= c.rejected
order by r.place desc limit $4
