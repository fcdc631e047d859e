-- Moves a breaker from what was read ($2, null: there was no row). No row: another sender was faster, read again.
-- $1 provider  $2 changed  $3 state  $4 opened  $5 seconds  $6 faults in a row  $7 error
insert into breakers as b (provider_id, state, faults, opened, open_until, last_error, changed_at)
select $1::uuid, $3::text, $6::int, $4::int, clock.now + $5::float8 * interval '1 second', $7::text, clock.now
from (select clock_now() as now) as clock
on conflict (provider_id) do update set state = excluded.state, faults = excluded.faults, opened = excluded.opened, open_until = excluded.open_until,
  last_error = coalesce(excluded.last_error, b.last_error), changed_at = excluded.changed_at
  where b.changed_at::text = $2::text
returning provider_id, state, opened, coalesce(extract(epoch from open_until - clock_now()), 0)::float8 as left_seconds, changed_at::text as changed
