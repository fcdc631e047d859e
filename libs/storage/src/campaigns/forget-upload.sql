-- Removes rows that stand behind the last place of a campaign that the caller holds: of uploads that were cut. Always one row: how many; 0: that was all.
-- By tuple id and a few at a time, so that nobody waits for long. $3 at most
with gone as (
  delete from campaign_recipients where ctid = any (array(
    select r.ctid from campaign_recipients r
    where r.tenant_id = $1 and r.email_id = $2
      and r.place > (select c.last_place from campaigns c where c.tenant_id = $1 and c.email_id = $2)
    limit $3))
  returning 1
),
gone_rejections as (
  delete from campaign_rejections where ctid = any (array(
    select r.ctid from campaign_rejections r
    where r.tenant_id = $1 and r.email_id = $2
      and r.place > (select c.rejected from campaigns c where c.tenant_id = $1 and c.email_id = $2)
    limit $3))
  returning 1
)
select (select count(*) from gone)::int + (select count(*) from gone_rejections)::int as gone
