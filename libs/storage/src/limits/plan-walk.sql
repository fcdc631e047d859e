-- Has the copies looked for that a limit deferred; a walk under way begins anew. No row comes back.
-- $1 tenant  $2 scope  $3 domains that it binds  $4 how far it may have deferred them, in s
insert into limit_walks as w (tenant_id, scope, domains, until) values ($1, $2, $3, clock_now() + $4::float8 * interval '1 second')
on conflict (tenant_id, scope) do update set until = greatest(w.until, excluded.until), line = null, due_at = null, delivery_id = null
