-- Forgets what belongs to no email and is old: records put aside and what was told of them, mail that came to the sandbox from elsewhere,
-- the memory of its scripts, processes that are long dead, tickets that nobody can use, notes of consumers that nobody overwrites any more.
-- Always one row: how many.
-- $1 days  $2 at most of each
with past as materialized (select clock_statement() - $1::float8 * interval '1 day' as time),
letters as (
  delete from dead_letters where ctid = any (array(
    select l.ctid from dead_letters l, past where l.email_id is null and l.created_at < past.time limit $2)) returning 1
),
events as (
  delete from outbox where ctid = any (array(
    select o.ctid from outbox o, past where o.email_id is null and o.job_id is null and o.at < past.time limit $2)) returning 1
),
messages as (
  delete from sandbox_messages where ctid = any (array(
    select m.ctid from sandbox_messages m, past where m.email_id is null and m.received_at < past.time limit $2)) returning 1
),
refusals as (
  delete from sandbox_refusals where ctid = any (array(
    select r.ctid from sandbox_refusals r, past where r.email_id is null and r.at < past.time limit $2)) returning 1
),
scripts as (
  delete from sandbox_attempts where ctid = any (array(
    select s.ctid from sandbox_attempts s, past where s.at < past.time limit $2)) returning 1
),
dead as (
  delete from processes where ctid = any (array(
    select p.ctid from processes p where coalesce(p.ended_at, p.beat_at) < clock_statement() - interval '7 days' limit $2)) returning 1
),
tickets as (
  delete from realtime_tickets where hash = any (array(
    select t.hash from realtime_tickets t where t.expires_at < clock_statement() limit $2)) returning 1
),
progress as (
  delete from consumer_progress where ctid = any (array(
    select c.ctid from consumer_progress c where c.noted_at < clock_statement() - interval '1 day' limit $2)) returning 1
)
select ((select count(*) from letters) + (select count(*) from events) + (select count(*) from messages) + (select count(*) from refusals)
  + (select count(*) from scripts) + (select count(*) from dead) + (select count(*) from tickets) + (select count(*) from progress))::int as gone
