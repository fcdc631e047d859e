-- The runs of an app that live, and those that ended within the last day. No row: none.
select id, app, instance, beat::text, ended_at is not null as ended from processes
where app = $1 and (ended_at is null or ended_at > clock_now() - interval '1 day')
