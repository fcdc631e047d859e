-- Notes rows of an upload that were left out, numbered on from $3. No row comes back.
-- $1 tenant  $2 campaign  $3 the last place so far  $4 rows  $5 values  $6 codes
insert into campaign_rejections (tenant_id, email_id, place, row, value, code)
select $1, $2, $3::int + r.place, r.row, r.value, r.code
from unnest($4::int[], $5::text[], $6::text[]) with ordinality as r (row, value, code, place)
