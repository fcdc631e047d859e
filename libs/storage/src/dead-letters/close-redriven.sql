-- Dead letters of deliveries that are sent again, closed in the transaction that opens them. A row that is missing was closed before.
-- $1 tenant  $2 deliveries  $3 who wanted it
update dead_letters set status = 'redriven', closed_at = clock_now(), closed_by = $3
where tenant_id = $1 and delivery_id = any ($2::uuid[]) and status = 'open'
returning id
