-- A variable that some recipient of a campaign does not have, by the first recipient of whom that is so. No row: all have all. As the
-- content looks: a null on the way ends the search, and shows nothing. $1 tenant  $2 campaign  $3 paths (user.name)
select asked.path
from campaigns c
-- A run gets its recipients chunk by chunk: until it has them all, they are those of what repeats.
join campaign_recipients r on r.tenant_id = c.tenant_id and r.email_id = case when c.expanding then coalesce(c.parent_id, c.email_id) else c.email_id end and r.place <= c.last_place
cross join (select path, string_to_array(path, '.') as parts from unnest($3::text[]) as paths (path)) asked
where c.tenant_id = $1 and c.email_id = $2
  and r.data #> asked.parts is null
  and asked.path <> 'email' and (asked.path <> 'name' or r.name is null)
  and not exists (
    select from generate_series(1, cardinality(asked.parts) - 1) as upper (bound) where json_typeof(r.data #> asked.parts[:upper.bound]) = 'null')
limit 1
