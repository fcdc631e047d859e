-- The next line of a tenant in which something waits that may have been deferred. One row; null: there is none.
-- $1 tenant  $2 behind this line; null: the first  $3 nothing was deferred further
select min(l.line) as line from lines l
where l.tenant_id = $1 and ($2::text is null or l.line > $2)
  and exists (select from due where due.line = l.line and due.due_at > clock_now() and due.due_at <= $3::timestamptz)
