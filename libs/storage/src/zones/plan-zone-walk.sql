-- Has the wishes of a tenant looked at anew, from the first on. No row comes back. $1 tenant  $2 in so many seconds
insert into zone_walks (tenant_id, starts_at) values ($1, clock_now() + $2::float8 * interval '1 second')
on conflict (tenant_id) do update set starts_at = excluded.starts_at, email_id = null, campaign_id = null, delivery_id = null
