-- Adds attempts to what is known of each key. Always one row per key: all its attempts so far.
insert into sandbox_attempts as a (key, attempts)
select k.key, count(*) from unnest($1::text[]) as k (key) group by k.key
on conflict (key) do update set attempts = a.attempts + excluded.attempts, at = clock_now()
returning key, attempts
