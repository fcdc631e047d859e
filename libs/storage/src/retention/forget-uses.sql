-- Forgets what limits will not ask for again: uses that lie behind their longest rule or belong to no limit, and lines and limits of
-- campaigns that are forgotten. Always one row: how many. $1 at most of each
with longest as materialized (
  select l.id, coalesce((select max((rule ->> 'windowSeconds')::float8) from json_array_elements(l.rules) as rule), 0) as seconds from limits l
),
uses as (
  delete from limit_usage where ctid = any (array(
    select u.ctid from limit_usage u left join longest l on l.id = u.limit_id
    where l.id is null or u.at < clock_statement() - (l.seconds + 3600) * interval '1 second' limit $1)) returning 1
),
rates as (
  delete from limit_rates where ctid = any (array(
    select u.ctid from limit_rates u left join longest l on l.id = u.limit_id
    where l.id is null or u.at < clock_statement() - (l.seconds + 60) * interval '1 second' limit $1)) returning 1
),
own_lines as (
  delete from lines where ctid = any (array(
    select l.ctid from lines l left join emails e on e.tenant_id = l.tenant_id and e.id = l.email_id
    where l.email_id is not null and e.id is null limit $1)) returning 1
),
own_limits as (
  delete from limits where ctid = any (array(
    select l.ctid from limits l left join emails e on e.tenant_id = l.tenant_id
      and e.id = case when l.scope like 'campaign:%' then substr(l.scope, 10)::uuid end
    where l.scope like 'campaign:%' and e.id is null limit $1)) returning 1
)
select ((select count(*) from uses) + (select count(*) from rates) + (select count(*) from own_lines) + (select count(*) from own_limits))::int as gone
